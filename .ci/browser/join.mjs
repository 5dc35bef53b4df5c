export async function join() {}
