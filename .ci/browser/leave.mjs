export async function leave() {}
