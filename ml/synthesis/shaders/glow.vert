#version 330
in vec2 p; uniform mat4 u_clip; uniform vec4 u_lamp; uniform vec2 u_reach; // lamp: place; reach: half size on the screen
out vec2 at;
void main() { at = p; gl_Position = u_clip * vec4(u_lamp.xyz, 1.0); gl_Position.xy += p * u_reach * gl_Position.w; }
