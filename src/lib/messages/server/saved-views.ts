import { translated } from '../locale';

const en = {
	unknown: (id: string) => `View ${id} was not found.`,
	sharingRole: (roles: string) => `Sharing a view requires the role ${roles}.`,
	tooMany: (limit: number) => `You can save at most ${limit} views.`,
	builtIn: (name: string) => `“${name}” is built in and cannot be changed. Save a copy instead.`,
	ownedByOther: (name: string, owner: string) =>
		`“${name}” belongs to ${owner}. Only they and admins can change it.`
};

export const viewErrorsText = translated({ en });
