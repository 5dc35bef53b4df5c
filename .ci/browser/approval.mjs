export async function approval() {}
