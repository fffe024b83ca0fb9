import fc from "fast-check";

// One seed for every property: a run of the tests is as repeatable as a run of the simulator.
fc.configureGlobal({ seed: 20_241_124, endOnFailure: false });
