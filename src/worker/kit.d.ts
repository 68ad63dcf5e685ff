// What adapter-cloudflare writes at build time; it has no types of its own.
declare module '*/_worker.js' {
	const worker: {
		fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
	};
	export default worker;
}
