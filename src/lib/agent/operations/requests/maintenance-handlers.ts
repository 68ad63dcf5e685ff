// Requests about bindings and the fleet's health.
import type { maintenanceOperations } from '../../../protocol';
import type { Bindings } from '../maintenance/bindings';
import type { Doctor } from '../maintenance/doctor';
import type { Handlers } from './handlers';

export function maintenanceHandlers(
	bindings: Bindings,
	doctor: Doctor
): Handlers<keyof typeof maintenanceOperations> {
	return {
		'bindings.list': () => bindings.list(),
		'binding.preview': (move) => bindings.preview(move),
		'binding.migrate': (move, { by }) => bindings.migrate(move, by),
		'doctor.check': () => doctor.check(),
		'doctor.fix': (input, { by }) => doctor.fix(input, by)
	};
}
