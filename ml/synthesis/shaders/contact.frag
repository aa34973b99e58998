#version 330
// The dark below a vehicle, softer outwards.
in vec3 at; in vec2 unit; out vec4 o;
uniform vec2 u_half; // half length and half width of the footprint
void main() {
    vec2 d = abs(unit) * (u_half + 0.8) - (u_half - 0.25);
    float outside = length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
    o = vec4(0.0, 0.0, 0.0, 0.72 * smoothstep(0.75, -0.35, outside));
}
