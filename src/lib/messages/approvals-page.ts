import { translated } from './locale';

const en = {
	noResult: 'The server returned no result for this approval.'
};

export const approvalsPageText = translated({ en });
