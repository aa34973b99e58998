#version 330
in vec3 seen; out vec4 o;
void main() { o = vec4(seen, 1.0); }
