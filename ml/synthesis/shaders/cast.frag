#version 330
// The ground in a vehicle's shadow: from the picture with sun towards the one without.
in vec3 at; in vec2 unit; out vec4 o;
uniform sampler2D u_lit, u_dark;
uniform sampler2DShadow u_moving_shadow;
uniform mat4 u_shade;
uniform float u_texel;
void main() {
    vec3 q = (u_shade * vec4(at, 1.0)).xyz;
    float open = 0.25 * (texture(u_moving_shadow, q + vec3(u_texel, u_texel, 0)) + texture(u_moving_shadow, q + vec3(-u_texel, u_texel, 0))
                       + texture(u_moving_shadow, q + vec3(u_texel, -u_texel, 0)) + texture(u_moving_shadow, q - vec3(u_texel, u_texel, 0)));
    if (open > 0.996) discard;
    ivec2 x = ivec2(gl_FragCoord.xy);
    o = vec4(mix(texelFetch(u_dark, x, 0).rgb, texelFetch(u_lit, x, 0).rgb, open), 1.0);
}
