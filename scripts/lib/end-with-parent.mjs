// Imported for its effect: when the process that started this one is gone (kill -9 reaches nobody
// else), this one ends too. Else a server would stay behind and hold its port.
import { isMainThread } from 'node:worker_threads';

const parent = process.ppid;

if (isMainThread) {
	setInterval(() => {
		if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
	}, 500).unref();
}
