// The part of Node's `crypto` that is used here; workerd has it by the flag `nodejs_compat`. The
// Worker's type check knows no Node types, so that no other part of Node is used by accident.
declare module 'node:crypto' {
	export function createHash(algorithm: 'sha256'): {
		update(text: string): { digest(encoding: 'hex'): string };
	};
}
