export type { SupervisorEvent } from './events.js';
export { type MeshOptions, type SupervisedMesh, superviseMesh } from './supervise-mesh.js';
