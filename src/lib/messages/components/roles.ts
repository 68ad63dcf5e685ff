import { LOCALE, translated } from '../locale';

const or = new Intl.ListFormat(LOCALE, { type: 'disjunction' });

const en = {
	/** Why a button is disabled: any one of the roles would do. */
	required: (...roles: readonly string[]) => `Requires the ${or.format(roles)} role`
};

export const rolesText = translated({ en });
