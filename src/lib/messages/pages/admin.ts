import { translated } from '../locale';

const en = {
	title: 'Admin',
	purge: 'Purge',
	retention: 'Retention',
	index: 'Index',
	doctor: 'Doctor',
	webhooks: 'Webhooks',
	audit: 'Audit log'
};

export const adminText = translated({ en });
