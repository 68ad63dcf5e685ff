declare global {
	namespace App {
		interface Platform {
			env: Env;
		}
	}
}

export {};
