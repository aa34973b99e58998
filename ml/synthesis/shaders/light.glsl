// Light, the same for everything that is drawn. Directions and points are in the frame of the mesh being drawn.
const int LAMPS = 24;
const float PI = 3.14159265;
uniform vec3 u_sun, u_sun_colour, u_sky, u_horizon, u_bounce, u_haze, u_eye, u_lamp_colour;
uniform float u_density, u_exposure, u_cloud;
uniform vec4 u_lamps[LAMPS]; // place and strength
uniform int u_lamp_count;
uniform sampler2D u_noise;

vec3 ambient(vec3 n) { return mix(u_bounce, u_sky, n.z * 0.5 + 0.5); }

vec3 street_lamps(vec3 p, vec3 n) {
    float sum = 0.0;
    for (int i = 0; i < u_lamp_count; i++) {
        vec3 d = u_lamps[i].xyz - p;
        float q = dot(d, d), down = max(d.z, 0.0) * inversesqrt(q);
        sum += u_lamps[i].w * down * down * max(dot(n, d) * inversesqrt(q) * 0.8 + 0.2, 0.0) / (q + 4.0);
    }
    return sum * u_lamp_colour;
}

// What a glossy surface mirrors: a dark rim of houses, then the horizon, then the sky.
vec3 mirrored(vec3 d) {
    vec3 sky = mix(u_horizon, u_sky * 1.5, sqrt(clamp(d.z, 0.0, 1.0)));
    vec3 houses = u_bounce * 0.9;
    vec3 c = mix(houses, sky, smoothstep(0.04, 0.30, d.z));
    return d.z < 0.0 ? u_bounce * 0.75 : c;
}

vec3 hazed(vec3 c, float metres) { return mix(u_haze, c, exp(-metres * u_density)); }

// Filmic curve and display gamma.
vec3 developed(vec3 c) {
    c *= 0.5 * u_exposure;
    c = c * (2.51 * c + 0.03) / (c * (2.43 * c + 0.59) + 0.14);
    return pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
}
