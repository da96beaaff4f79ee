/* Whether everybody comes to an end: a writer, a session that a thief refreshes for ever, and two prunes, the second of which may die at any
   step. Sessions and lists only. Checked with weak fairness: who can go on all the time goes on. */
#ifndef EXPIRES
#define EXPIRES 1       /* a dead session is called expired */
#endif
#ifndef AGE
#define AGE 1           /* so is one that reached the greatest age, however often it is refreshed */
#endif
#ifndef YIELDS
#define YIELDS 1        /* of two prunes that wait for each other the one whose list has the smaller name yields */
#endif
#ifndef LIVES
#define LIVES 1         /* it yields to a prune that it has seen alive, not to a list that a dead one left */
#endif
#ifndef RENEWS
#define RENEWS 1        /* a writer whose session was fenced takes a new one */
#endif

#define THIEF 0
#define WRITER 1        /* 1 to 3: the writer's sessions; either prune may fence one, though the writer lives */
#define PRUNE(p) (4 + (p))
#define SESSIONS 6
#define bit(i) (1 << (i))
bool session[SESSIONS], dead[SESSIONS], fenced[SESSIONS];
bool list[2], final[2], ended[2];
bool committed;

proctype Writer() {
  byte x = WRITER;
begin:
  session[x] = 1;                                    /* writer_session_durable to writer_puts_snapshot: it waits for nobody */
writer_confirms:
  if
  :: atomic { fenced[x] && RENEWS -> x++; goto begin }
  :: fenced[x] && !RENEWS -> goto over
  :: atomic { !fenced[x] -> committed = 1 }
  fi;
writer_session_removed:
  session[x] = 0;
over:
  skip
}

/* A step at which the second prune may die. */
#define STEP if :: p == 1 -> dead[PRUNE(1)] = 1; goto over :: skip fi

proctype Prune(byte p) {
  byte saw, i, wrong;
begin:
  session[PRUNE(p)] = 1;
  STEP;
prune_condemns:
  list[p] = 1;
  STEP;
prune_lists_sessions:
  d_step { saw = 0; i = 0; do :: i < SESSIONS -> if :: session[i] && i != PRUNE(p) -> saw = saw | bit(i) :: else fi; i++ :: else -> break od; i = 0 };
prune_waits:
  do
  :: saw == 0 -> break
  :: saw != 0 ->
     /* It looks at one after the other, for ever if need be. */
     atomic {
       if
       :: (saw & bit(i)) && (!session[i] || fenced[i]) -> saw = saw & ~bit(i)
       :: (saw & bit(i)) && session[i] && ((EXPIRES && dead[i]) || (AGE && i == THIEF)) -> fenced[i] = 1; session[i] = 0; saw = saw & ~bit(i)
       :: (saw & bit(i)) && session[i] && i >= WRITER && i < WRITER + 2 && !wrong -> fenced[i] = 1; wrong = 1; saw = saw & ~bit(i)
       :: else
       fi;
       i = (i + 1) % SESSIONS
     };
     if
     :: YIELDS && p == 0 && list[1] && !final[1] && !(LIVES && dead[PRUNE(1)]) ->
prune_yields:
        list[0] = 0; session[PRUNE(0)] = 0; saw = 0; i = 0;
        (!list[1] || (LIVES && dead[PRUNE(1)])) -> goto begin
     :: else
     fi;
     STEP
  od;
prune_final:
  final[p] = 1;
  STEP;
prune_deletes_packs:
  STEP;
prune_uncondemns:
  atomic { list[p] = 0; final[p] = 0; if :: fenced[PRUNE(1 - p)] -> list[1 - p] = 0; final[1 - p] = 0 :: else fi };
  STEP;
prune_session_removed:
  session[PRUNE(p)] = 0; ended[p] = 1;
over:
  skip
}

init { atomic { session[THIEF] = 1; run Writer(); run Prune(0); run Prune(1) } }

ltl ends { (<> committed) && (<> ended[0]) && (<> (ended[1] || dead[PRUNE(1)])) }
