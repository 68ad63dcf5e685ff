import { translated } from '../locale';

const en = {
	noAgent: (path: string) => `Agent ${path} was not found.`,
	noBinding: (className: string) => `Agent class ${className} has no binding in wrangler.jsonc.`,
	needsRole: (path: string, roles: string, name: string, held: string) =>
		`${path} requires the role ${roles}. ${name} has ${held}.`,
	noRoles: 'none',
	methodNotAllowed: (method: string, path: string, allowed: string) =>
		`${path} does not support ${method}; use ${allowed}.`,
	onlyWebSocket: 'a websocket'
};

export const agentAccessText = translated({ en });
