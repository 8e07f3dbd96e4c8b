// Subgroup matrices of 16 × 16 numbers by 16 × 16, summed in f32.
const M = 16u; // rows of the left one
const N = 16u; // columns of the right one
const K = 16u; // columns of the left one, rows of the right one
alias Total = f32;
const SHORT = false; // sums end where f16 ends
