/* Objects in a store that may list late.

   at[o] is 0: not there; 1: there, put lately, a listing may lack it; 2: there, every listing shows it; 3: removed lately, a listing may
   still show it. A lateness that passes for waiter k settles what was put or removed before k began to wait, and nothing else: old[o] says
   for whom an object is as it was when he began. With LATE=0 all is settled at once, a wait is no step, and a step of several listings
   is deterministic. */
#ifndef LATE
#define LATE 0
#endif

byte at[OBJECTS];
#define there(o) (at[o] == 1 || at[o] == 2)

#if LATE
#define STEP atomic
byte old[OBJECTS];
inline put(o)    { if :: at[o] != 2 -> at[o] = 1; old[o] = 0 :: else fi }
inline remove(o) { if :: there(o) -> at[o] = 3; old[o] = 0 :: else fi }
/* What a listing shows of an object: r becomes 1 or 0. */
inline list(o, r) { if :: at[o] != 0 -> r = 1 :: at[o] != 2 -> r = 0 fi }
inline wait(k, i) {
  d_step { i = 0; do :: i < OBJECTS -> if :: at[i] == 1 || at[i] == 3 -> old[i] = old[i] | (1 << k) :: else fi; i++ :: else -> break od; i = 0 };
  d_step {
    i = 0;
    do :: i < OBJECTS ->
          if :: old[i] & (1 << k) -> if :: at[i] == 1 -> at[i] = 2 :: at[i] == 3 -> at[i] = 0 :: else fi; old[i] = 0 :: else fi; i++
       :: else -> break
    od;
    i = 0 }
}
#else
#define STEP d_step
inline put(o)     { at[o] = 2 }
inline remove(o)  { at[o] = 0 }
inline list(o, r) { r = (at[o] == 2) }
#endif
