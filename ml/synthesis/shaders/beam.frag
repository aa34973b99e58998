#version 330
// Light of the head lamps on the road: added to it.
in vec3 at; in vec2 unit; out vec4 o;
uniform vec3 u_beam;
void main() {
    float along = unit.x * 0.5 + 0.5;
    float spread = exp(-pow(unit.y * (2.6 - 1.7 * along), 2.0) * 2.0);
    o = vec4(u_beam * spread * smoothstep(0.0, 0.12, along) * pow(1.0 - along, 1.4), 1.0);
}
