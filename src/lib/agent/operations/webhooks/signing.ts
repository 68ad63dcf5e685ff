const encoder = new TextEncoder();

/** HMAC-SHA256 of a text, in hex. */
export async function hmacHex(secret: string, text: string): Promise<string> {
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, [
		'sign'
	]);
	const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(text));
	return [...new Uint8Array(signature)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Are two texts equal? Takes as long for those that differ early. */
export function equalInTime(a: string, b: string): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let index = 0; index < a.length; index += 1) {
		difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
	}
	return difference === 0;
}
