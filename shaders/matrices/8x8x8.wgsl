// Subgroup matrices of 8 × 8 numbers by 8 × 8, summed in f16.
const M = 8u; // rows of the left one
const N = 8u; // columns of the right one
const K = 8u; // columns of the left one, rows of the right one
alias Total = f16;
const SHORT = true; // sums end where f16 ends
