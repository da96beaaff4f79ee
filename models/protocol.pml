/* Writers, forget and prunes on one chunk. What a configuration has is said by NW, NP, K, LATE and so on; safeguards are on (1) unless one
   is switched off (0). docs/protocol.md says what each is for.

   Every process may stop for ever at any step: in a model that asks only what can happen, sleep, crash and slowness are one thing. */
#ifndef NW
#define NW 1               /* writers */
#endif
#ifndef K
#define K 2                /* sessions that a writer may take, one after the other */
#endif
#ifndef NP
#define NP 1               /* prunes */
#endif
#ifndef OLD
#define OLD 1              /* there is a snapshot S0 at the beginning, which may be forgotten; 0: it has been forgotten, its pack is there */
#endif
#ifndef COPIES
#define COPIES 1           /* packs at the beginning that hold the chunk: 1 or 2 */
#endif
#ifndef AFTER
#define AFTER 0            /* 1: the second prune begins when the first has ended */
#endif
#ifndef STORES
#define STORES 0           /* 1: a writer may store the chunk though it is there */
#endif
#ifndef LESS
#define LESS 0             /* 1: a prune may condemn fewer packs than it could */
#endif
#ifndef FORGETS_NEW
#define FORGETS_NEW 0      /* a new snapshot may be forgotten, too */
#endif

#ifndef RUNS
#define RUNS 0             /* 1: the index is made of runs; 0: it is what packs are there */
#endif

/* Safeguards of writers. */
#ifndef SESSION_FIRST
#define SESSION_FIRST 1    /* the session is durable before anything is listed */
#endif
#ifndef CONDEMNED_FIRST
#define CONDEMNED_FIRST 1  /* condemned lists are listed before the index and the snapshots */
#endif
#ifndef ABSENT
#define ABSENT 1           /* chunks in condemned packs are absent for a writer */
#endif
#ifndef ROWS
#define ROWS 1             /* rows of the catalog are looked up when a list is there */
#endif
#ifndef BELIEVE
#define BELIEVE 1          /* a row is believed only by a snapshot that counts and is decided */
#endif
#ifndef PROVE
#define PROVE 1            /* a new session proves everything anew */
#endif
#ifndef BEARS
#define BEARS 1            /* a snapshot bears its session, so that a decision can leave it out */
#endif
#ifndef CONFIRM
#define CONFIRM 1          /* a writer looks for a fence after its snapshot, and calls it committed then only */
#endif
#ifndef OUTLIVES
#define OUTLIVES 1         /* a session is removed after its snapshot was put */
#endif
#ifndef PACK_FIRST
#define PACK_FIRST 1       /* a pack is put before the run that names it */
#endif
#ifndef RUN_BEARS
#define RUN_BEARS 1        /* a run bears its session; of a fenced one a pack counts once it was seen to be there */
#endif
/* Safeguards of prunes. */
#ifndef ORDER
#define ORDER 1            /* the list is put before sessions are listed */
#endif
#ifndef WAITS
#define WAITS 1            /* sessions that were listed end, or are fenced */
#endif
#ifndef FENCE
#define FENCE 1            /* an expired session is fenced */
#endif
#ifndef TWO_STEPS
#define TWO_STEPS 1        /* snapshots are listed after the fence is durable, and named by a decision */
#endif
#ifndef EVERY
#define EVERY 1            /* every decision has to name a snapshot; 0: one is enough */
#endif
#ifndef KEEP_SESSION
#define KEEP_SESSION 1     /* an expired session is removed after its decision; 0: before it */
#endif
#ifndef REREAD
#define REREAD 1           /* snapshots and lists are read again before anything is deleted */
#endif
#ifndef OTHERS
#define OTHERS 1           /* a copy counts only in a pack that no other list condemns */
#endif
#ifndef FINAL
#define FINAL 1            /* a list with a final mark is completed, never undone by another */
#endif
#ifndef SELF
#define SELF 1             /* a prune that is fenced deletes nothing */
#endif
#ifndef GONE
#define GONE 1             /* a forgotten snapshot counts until its object is removed */
#endif
#ifndef LIST_LAST
#define LIST_LAST 1        /* the list is removed after its packs */
#endif
#ifndef INDEXED
#define INDEXED 1          /* a copy counts only in a pack that a run names */
#endif
#ifndef RUNS_FIRST
#define RUNS_FIRST 1       /* the list is removed after the runs that name its packs */
#endif
#ifndef SUPERSEDE
#define SUPERSEDE 1        /* the superseding run is durable before runs are removed */
#endif
#ifndef NAMES_THERE
#define NAMES_THERE 1      /* a superseding run names only packs that were seen to be there */
#endif
#ifndef LEAVES_OUT
#define LEAVES_OUT 1       /* nor packs of another's list with a final mark whose prune is fenced: it may wake and delete them */
#endif
#ifndef LEFT_OUT
#define LEFT_OUT 1         /* a run is left out only where what supersedes it has all its packs that are there */
#endif
#ifndef SETTLE_RUNS
#define SETTLE_RUNS 1      /* with LATE: after the superseding run */
#endif
#ifndef SETTLE_LAST
#define SETTLE_LAST 1      /* with LATE: between the removal of runs and that of the list */
#endif
/* With LATE: how many latenesses are waited out. */
#ifndef SETTLE_LIST
#define SETTLE_LIST 2      /* between list and sessions */
#endif
#ifndef SETTLE_FENCE
#define SETTLE_FENCE 2     /* between fence and decision */
#endif
#ifndef SETTLE_CHECK
#define SETTLE_CHECK 1     /* between the end of sessions and the last reading of snapshots */
#endif

#define NWS (NW * K)
#define NX (NWS + NP)
#define bit(i) (1 << (i))
#define SES(x) (x)
#define SNAP(i) (NX + (i))                     /* i = NWS: S0 */
#define LST(p) (NX + NWS + 1 + (p))
#define FIN(p) (NX + NWS + 1 + NP + (p))
#define FEN(p) (NX + NWS + 1 + 2 * NP + (p))
#define DEC(p) (NX + NWS + 1 + 3 * NP + (p))
#if RUNS
#define RUN(j) (NX + NWS + 1 + 4 * NP + (j))   /* j = 0: there at the beginning; 1 + x: of session x */
#define OBJECTS (NX + NWS + 2 + 4 * NP + NX)
#else
#define OBJECTS (NX + NWS + 1 + 4 * NP)
#endif
#include "store.pml"

/* Packs that hold the chunk: bits 0 and 1 at the beginning, 2 + x is made in the session x of a writer, 2 + NWS + p by prune p. */
byte packs = (1 << COPIES) - 1;
byte lst[NP], fset[NP], dset[NP], names[NP];   /* what the objects say: packs; sessions; sessions and snapshots */
#if RUNS
byte named[NX + 1], superseded[NP];                  /* packs that runs name; runs that a prune's run supersedes */
#endif
byte forgot, recorded, committed;              /* snapshots, as bits */
hidden byte t_i, t_r, t_q, t_d, t_n, t_p;          /* for d_steps only */

/* The promise: what counts and is not forgotten has its chunk; what was called committed counts until it is forgotten. */
inline promise() {
#if RUNS
  t_p = 0; t_i = 0;
  do
  :: t_i <= NX ->
     t_r = there(RUN(t_i)); t_q = 0;
     do
     :: t_q < NP ->
        if :: there(RUN(1 + NWS + t_q)) && (superseded[t_q] & bit(t_i)) && !(LEFT_OUT && (named[t_i] & packs & ~named[1 + NWS + t_q])) -> t_r = 0 :: else fi; t_q++
     :: else -> break
     od;
     if :: t_r -> t_p = t_p | (named[t_i] & packs) :: else fi; t_i++
  :: else -> break
  od;
#else
  t_p = packs;
#endif
  t_i = 0;
  do
  :: t_i <= NWS ->
     t_r = there(SNAP(t_i)); t_q = 0; t_d = 0; t_n = 255;
     do
     :: t_q < NP ->
        if
        :: BEARS && t_i < NWS && there(DEC(t_q)) && (dset[t_q] & bit(t_i)) ->
           if :: EVERY || !t_d -> t_n = t_n & names[t_q] :: else -> t_n = t_n | names[t_q] fi;
           t_d = 1
        :: else
        fi; t_q++
     :: else -> break
     od;
     if :: t_d && !(t_n & bit(t_i)) -> t_r = 0 :: else fi;
     if :: !(forgot & bit(t_i)) -> assert(!t_r || t_p != 0); assert(t_r || !(committed & bit(t_i))) :: else fi;
     t_i++
  :: else -> break
  od;
  t_i = 0; t_r = 0; t_q = 0; t_d = 0; t_n = 0; t_p = 0
}

/* What listings show of fences: f, sessions that a fence or decision names; d, those that are decided; n, snapshots that are not void. */
inline list_fences(f, d, n, q, r) {
  f = 0; d = 0; n = 255; q = 0;
  do
  :: q < NP ->
     list(FEN(q), r); if :: r -> f = f | fset[q] :: else fi;
     list(DEC(q), r); if :: r -> n = ((EVERY -> n & (names[q] | ~dset[q]) : (n & ~(dset[q] & ~d)) | names[q]));
                                 f = f | dset[q]; d = d | dset[q]
                      :: else fi;
     q++
  :: else -> break
  od;
  if :: !BEARS -> n = 255 :: else fi;
  q = 0; r = 0
}

proctype Writer(byte w) {
  byte x, any, idx, par, f, d, n, i, r;
  x = w * K;
#if SESSION_FIRST
writer_session_durable:
  STEP { put(SES(x)) };
#endif
again:
  skip;
#if !CONDEMNED_FIRST
  idx = packs;
#endif
writer_lists_condemned:
  STEP {
#if CONDEMNED_FIRST
    idx = 255;
#endif
    any = 0; i = 0;
    do
    :: i < NP ->
       list(LST(i), r); if :: r -> any = 1; idx = (ABSENT -> idx & ~lst[i] : idx) :: else fi; i++
    :: else -> break
    od;
    i = 0; r = 0
  };
writer_lists_fences:
  STEP { list_fences(f, d, n, i, r) };
writer_lists_index:
  STEP {
#if RUNS
    par = 0; i = 0;
    do
    :: i <= NX ->
       list(RUN(i), r);
       if :: r -> par = par | ((RUN_BEARS && i > 0 && ((f >> (i - 1)) & 1)) -> named[i] & packs : named[i]) :: else fi; i++
    :: else -> break
    od;
    idx = idx & par;
#elif CONDEMNED_FIRST
    idx = idx & packs;
#endif
    par = 0; i = 0;
    do
    :: i <= NWS ->
       list(SNAP(i), r);
       if :: r && (!BELIEVE || i == NWS || ((n & bit(i)) && (!(f & bit(i)) || (d & bit(i))))) -> par = 1 :: else fi;
       i++
    :: else -> break
    od;
#if ROWS
    par = par && !any;
#endif
    any = 0; i = 0; r = 0; f = 0; d = 0; n = 0
  };
#if !SESSION_FIRST
writer_session_durable:
  STEP { put(SES(x)) };
#endif
writer_relies:
  atomic {
    if
    :: par                                             /* unchanged, by a row */
    :: idx != 0                                        /* found in the index */
    :: (STORES || (!par && idx == 0)) -> goto writer_stores
    fi;
    par = 0; idx = 0; goto proved
  };
writer_stores:
  atomic { idx = 0; par = 0 };
#if RUNS
#if PACK_FIRST
  packs = packs | bit(2 + x);
writer_puts_run:
  d_step { named[1 + x] = bit(2 + x); put(RUN(1 + x)) };
#else
  d_step { named[1 + x] = bit(2 + x); put(RUN(1 + x)) };
  packs = packs | bit(2 + x);
#endif
#else
  packs = packs | bit(2 + x);
#endif
proved:
  skip;
#if !OUTLIVES
  STEP { remove(SES(x)) };
#endif
writer_puts_snapshot:   /* writer_looks before it would be a courtesy, and is left out */
  if
  :: d_step { put(SNAP(x)); promise() }
  :: x < w * K + K - 1 -> goto writer_renews           /* the greatest age, or a fence that was seen before the put */
  fi;
#if CONFIRM
writer_confirms:
  STEP { list_fences(f, d, n, i, r); f = f & bit(x); d = 0; n = 0 };
  if
  :: f && x < w * K + K - 1 -> f = 0; goto writer_renews
  :: f && x == w * K + K - 1 -> goto over
  :: !f
  fi;
#endif
  d_step { committed = committed | bit(x); promise() };
writer_session_removed:
  STEP { remove(SES(x)) };
  goto over;
writer_renews:
  skip;
#if PROVE
  STEP { x++; put(SES(x)) };
  goto again;
#else
  STEP { x++; put(SES(x)) };
  goto proved;
#endif
over:
  skip
}

/* Whether a snapshot needs the chunk, as listings show it. f and d are sessions fenced and decided. */
inline read_snapshots(need, f, d, n, i, r) {
  list_fences(f, d, n, i, r);
  need = 0; i = 0;
  do
  :: i <= NWS ->
     list(SNAP(i), r);
     if :: r && (n & bit(i)) && (GONE || !(recorded & bit(i))) -> need = 1 :: else fi;
     i++
  :: else -> break
  od;
  i = 0; r = 0; n = 0
}

/* Packs where the chunk may be kept: those that are there and that a run names, or that this prune made. */
inline read_index(idx, i, r) {
#if RUNS
  idx = 0; i = 0;
  do :: i <= NX -> list(RUN(i), r); if :: r -> idx = idx | named[i] :: else fi; i++ :: else -> break od;
  idx = packs & (INDEXED -> idx | bit(2 + NWS + p) : 255); i = 0; r = 0
#else
  idx = packs
#endif
}

proctype Prune(byte p) {
  byte idx, cond, dead, fs, f, d, n, i, r, need;
prune_session_durable:
#if AFTER
  p == 0 || (lst[0] != 0 && at[SES(NWS)] == 0);
#else
  p == 0 || at[SES(NWS)] != 0;   /* prunes are alike: who is first is called 0 */
#endif
  STEP { put(SES(NWS + p)) };
prune_lists_condemned:
  STEP {
    cond = 0; i = 0;
    do :: i < NP -> if :: i != p -> list(LST(i), r); if :: r -> cond = cond | lst[i] :: else fi :: else fi; i++ :: else -> break od;
    i = 0; r = 0
  };
prune_plans:
  atomic {
    STEP { read_snapshots(need, f, d, n, i, r); f = 0; d = 0; read_index(idx, i, r) };
    if
    :: !need -> lst[p] = packs
    :: need -> lst[p] = packs; packs = packs | bit(2 + NWS + p)   /* prune_repacks */
    :: need && (idx & ~cond) ->                                   /* one copy stays, any of them */
       do :: (idx & ~cond & bit(i)) -> break :: (idx & ~cond) >> (i + 1) -> i++ od;
       lst[p] = packs & ~bit(i); i = 0
    fi;
    idx = 0;
#if LESS
    do :: i < 2 -> lst[p] = lst[p] & ~bit(i); i++ :: i < 2 -> i++ :: i == 2 -> break od; i = 0;
#endif
    need = 0; cond = 0
  };
  if :: lst[p] == 0 -> goto prune_session_removed :: else fi;
#if ORDER
prune_condemns:
  STEP { put(LST(p)) };
#endif
#if LATE && SETTLE_LIST > 0
  wait(p, i);
#endif
#if LATE && SETTLE_LIST > 1
  wait(p, i);
#endif
prune_lists_sessions:
  STEP {
    list_fences(f, d, n, i, r);
    fs = 0;
    do :: i < NX -> if :: i != NWS + p && !(d & bit(i)) -> list(SES(i), r); if :: r -> fs = fs | bit(i) :: else fi :: else fi; i++ :: else -> break od;
    i = 0; r = 0; f = 0; d = 0; n = 0
  };
#if !ORDER
prune_condemns:
  STEP { put(LST(p)) };
#endif
#if WAITS
prune_waits:   /* until each has ended or is called expired, whenever that is; or it yields, or somebody stops it */
  if
  :: STEP {
       do :: i < NX -> if :: fs & bit(i) -> list(SES(i), r); if :: !r -> fs = fs & ~bit(i) :: else fi :: else fi; i++ :: else -> break od;
       i = 0; r = 0
     }
  :: fs = 0; goto prune_undoes
  fi;
#if FENCE
  if :: fs == 0 -> goto prune_final :: else fi;
#if TWO_STEPS
prune_fences:
  d_step { fset[p] = fs; put(FEN(p)); promise() };
#if LATE && SETTLE_FENCE > 0
  wait(p, i);
#endif
#if LATE && SETTLE_FENCE > 1
  wait(p, i);
#endif
#endif
#if !KEEP_SESSION
  STEP { do :: i < NX -> if :: fs & bit(i) -> remove(SES(i)) :: else fi; i++ :: else -> break od; i = 0 };
#endif
prune_lists_fenced:
  STEP {
    n = 0;
    do :: i < NWS -> if :: fs & bit(i) -> list(SNAP(i), r); if :: r -> n = n | bit(i) :: else fi :: else fi; i++ :: else -> break od;
    i = 0; r = 0
  };
prune_decides:
#if TWO_STEPS
  d_step { dset[p] = fs; names[p] = n; n = 0; put(DEC(p)); promise() };
#else
  d_step { fset[p] = fs; put(FEN(p)); dset[p] = fs; names[p] = n; n = 0; put(DEC(p)); promise() };
#endif
#if KEEP_SESSION
prune_ends_fenced:
  STEP { do :: i < NX -> if :: fs & bit(i) -> remove(SES(i)) :: else fi; i++ :: else -> break od; i = 0 };
#endif
#endif
#endif
prune_final:
  skip;
  STEP { fs = 0; put(FIN(p)) };
#if LATE && SETTLE_CHECK > 0
  wait(p, i);
#endif
#if REREAD
prune_checks:
  STEP {
    read_snapshots(need, f, d, n, i, r);
    cond = lst[p]; fs = 0;                    /* fs: lists of others that are undone, since their prunes will find the fence */
    do
    :: i < NP ->
       if
       :: i != p ->
          list(LST(i), r);
          if
          :: r -> cond = (OTHERS -> cond | lst[i] : cond);
                  if
                  :: d & bit(NWS + i) -> list(FIN(i), r); if :: !FINAL || !r -> fs = fs | bit(i) :: else -> dead = dead | lst[i] fi
                  :: else
                  fi
          :: else
          fi
       :: else
       fi; i++
    :: else -> break
    od;
    read_index(idx, i, r);
    need = need && !(idx & ~cond); idx = 0;
    i = 0; r = 0; f = 0; d = 0; cond = 0
  };
  if :: need -> need = 0; fs = 0; dead = 0; goto prune_undoes :: else fi;
#if SELF
prune_looks:
  STEP { list_fences(f, d, n, i, r); n = 0; d = 0; f = f & bit(NWS + p) };
  if :: f -> f = 0; fs = 0; dead = 0; goto over :: else fi;
#endif
#endif
#if !RUNS
  dead = 0;
#endif
#if !LIST_LAST
  STEP { remove(LST(p)) };
#endif
#if RUNS
prune_reads_runs:
  STEP {
    i = 0; cond = lst[p];
#if NAMES_THERE
    cond = cond | ~packs;
#endif
#if LEAVES_OUT
    cond = cond | dead;
#endif
    named[1 + NWS + p] = packs & bit(2 + NWS + p);
    do
    :: i <= NX -> list(RUN(i), r); if :: r -> named[1 + NWS + p] = named[1 + NWS + p] | (named[i] & ~cond); superseded[p] = superseded[p] | bit(i) :: else fi; i++
    :: else -> break
    od;
    i = 0; r = 0; cond = 0; dead = 0
  };
#if SUPERSEDE
prune_supersedes:
  d_step { put(RUN(1 + NWS + p)); promise() };
#if LATE && SETTLE_RUNS
  wait(p, i);
#endif
#endif
#endif
prune_deletes_packs:
  d_step { packs = packs & ~lst[p]; promise() };
#if RUNS
#if !RUNS_FIRST
  STEP { remove(LST(p)) };
#endif
prune_deletes_runs:
  d_step { do :: i <= NX -> if :: superseded[p] & bit(i) -> remove(RUN(i)) :: else fi; i++ :: else -> break od; i = 0; promise() };
#if !SUPERSEDE
  d_step { put(RUN(1 + NWS + p)); promise() };
#endif
#if LATE && SETTLE_LAST
  wait(p, i);
#endif
#endif
prune_completes:   /* others' lists: those that are undone, and those whose packs are gone while their prunes are fenced */
  STEP {
    list_fences(f, d, n, i, r); n = 0; f = 0; i = 0;
    do
    :: i < NP ->
       if :: i != p && ((fs & bit(i)) || ((d & bit(NWS + i)) && !(lst[i] & packs))) -> remove(LST(i)); remove(FIN(i)) :: else fi; i++
    :: else -> break
    od;
    i = 0; d = 0; fs = 0
  };
prune_undoes:
  skip;
prune_uncondemns:
  STEP { remove(LST(p)); remove(FIN(p)) };
prune_session_removed:
  skip;
  STEP { remove(SES(NWS + p)) };
over:
  skip
}

proctype Forget() {
  byte i;
forget_records:
  atomic {
    if :: OLD -> i = NWS :: FORGETS_NEW -> i = 0 :: FORGETS_NEW && NW > 1 -> i = K fi;
    there(SNAP(i)) -> recorded = recorded | bit(i);
#if !GONE
    forgot = forgot | bit(i)   /* then the promise ends here */
#endif
  };
forget_removes:
  STEP { remove(SNAP(i)); forgot = forgot | bit(i) }
}

init {
  byte i;
  atomic {
#if RUNS
    at[RUN(0)] = 2; named[0] = packs;
#endif
    if :: OLD -> at[SNAP(NWS)] = 2; committed = bit(NWS) :: else fi;
    i = 0; do :: i < NW -> run Writer(i); i++ :: else -> break od;
    i = 0; do :: i < NP -> run Prune(i); i++ :: else -> break od;
    i = 0;
    if :: OLD || FORGETS_NEW -> run Forget() :: else fi
  }
}
