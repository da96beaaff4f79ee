/* A reader beside prunes that repack, in a store that may list late. The chunk that it wants lies in pack 0; each prune moves it on into a
   pack of its own, names that in a superseding run, and removes the pack and the run before. */
#ifndef NP
#define NP 2
#endif
#ifndef LISTS_ANEW
#define LISTS_ANEW 1       /* a reader that misses an object lists the index anew */
#endif
#ifndef SUPERSEDE
#define SUPERSEDE 1        /* the superseding run is durable before anything is removed */
#endif
#ifndef SETTLE_RUNS
#define SETTLE_RUNS 1      /* and a lateness passes in between */
#endif
#define OBJECTS (NP + 1)   /* run i names pack i */
#include "store.pml"
bool pack[NP + 1];
byte tried;

proctype Reader() {
  byte seen, i;
  bool r;
reader_lists:
  atomic {
    seen = 0; i = 0;
    do :: i <= NP -> list(i, r); if :: r -> seen = seen | (1 << i) :: else fi; i++ :: else -> break od;
    i = 0; r = 0
  };
reader_reads:
  do
  :: i <= NP && (seen & (1 << i)) && pack[i] -> goto reader_has_it
  :: i <= NP && !((seen & (1 << i)) && pack[i]) -> i++
  :: i > NP -> break
  od;
  i = 0;
reader_lists_anew:   /* it missed; a listing that shows nothing that was not tried would be the end */
  atomic {
    assert(LISTS_ANEW && (seen & ~tried));
    tried = tried | seen; seen = 0;
    goto reader_lists
  };
reader_has_it:
  skip
}

proctype Prune() {
  byte p, i;
  do
  :: p < NP ->
prune_repacks:
     pack[p + 1] = 1;
#if SUPERSEDE
prune_supersedes:
     atomic { put(p + 1) };
#if LATE && SETTLE_RUNS
     wait(0, i);
#endif
#endif
prune_deletes_packs:
     pack[p] = 0;
prune_deletes_runs:
     atomic { remove(p) };
#if !SUPERSEDE
     atomic { put(p + 1) };
#endif
     p++
  :: else -> break
  od
}

init { atomic { pack[0] = 1; at[0] = 2; run Reader(); run Prune() } }
