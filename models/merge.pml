/* Fences are merged into one object. A writer lists fences page by page while a prune puts the merged object and removes what that replaces;
   what it needs to know stands in the old object, then in both, then in the new one. The page with the new one comes first. */
#ifndef MERGED_FIRST
#define MERGED_FIRST 1     /* the merged object is durable before anything is removed */
#endif
#ifndef WAITS_MERGED
#define WAITS_MERGED 1     /* and what it replaces is removed after the sessions that were live then have ended or are fenced */
#endif
#ifndef SETTLE_MERGED
#define SETTLE_MERGED 2    /* with LATE: latenesses between the merged object and the listing of sessions */
#endif
#define OLD 0
#define MERGED 1
#define SES(w) (2 + (w))
#define OBJECTS 4
#include "store.pml"
bool fenced[2];

proctype Writer(byte w) {
  bool seen, r;
writer_session_durable:
  STEP { put(SES(w)) };
writer_lists_fences:
  STEP { list(MERGED, r); seen = r };
  STEP { list(OLD, r); seen = seen || r };
  assert(seen || fenced[w]);
writer_session_removed:
  STEP { remove(SES(w)) }
}

proctype Prune() {
  bool saw[2], r;
  byte i;
#if MERGED_FIRST
prune_merges:
  STEP { put(MERGED) };
#endif
#if WAITS_MERGED
#if LATE && SETTLE_MERGED > 0
  wait(0, i);
#endif
#if LATE && SETTLE_MERGED > 1
  wait(0, i);
#endif
prune_lists_sessions:
  STEP { list(SES(0), r); saw[0] = r; list(SES(1), r); saw[1] = r };
prune_waits:
  STEP { list(SES(0), r); if :: saw[0] && r -> fenced[0] = 1 :: else fi; list(SES(1), r); if :: saw[1] && r -> fenced[1] = 1 :: else fi };
#endif
prune_removes_merged:
  STEP { remove(OLD) };
#if !MERGED_FIRST
  STEP { put(MERGED) };
#endif
  skip
}

init { atomic { at[OLD] = 2; run Writer(0); run Writer(1); run Prune() } }
