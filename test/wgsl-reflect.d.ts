// The package's main file cannot be imported in Node, and the one that can comes without types.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export { WgslReflect } from 'wgsl_reflect'
}
