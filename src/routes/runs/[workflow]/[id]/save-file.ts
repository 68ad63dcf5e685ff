/** Has the browser save a text as a file of JSON. Answers with its bytes. */
export function saveFile(name: string, text: string): number {
	const blob = new Blob([text], { type: 'application/json' });
	const url = URL.createObjectURL(blob);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
	return blob.size;
}
