// For the JVM: writes down where it puts compiled methods, and which line of the source each piece of
// them was made from:
//   java -agentpath:code_map.so=FILE -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints …
// A line "ADDRESS BYTES METHOD PLACE WHAT" per piece, numbers in hexadecimal. METHOD: what was compiled, as
// Class.name. PLACE: the innermost line of this project of what was inlined there, as Class.name:line, or
// "-" if none was.
// WHAT: the method of the JDK that is inlined there in turn, or "own".
#include <jvmti.h>
#include <jvmticmlr.h>
#include <stdio.h>
#include <string.h>

static FILE *map;

// "Lio/flowscope/tracker/Lane;" and "take" are "Lane.take". Says whether the class is of this project.
static int name_of(jvmtiEnv *jvm, jmethodID method, char *into, size_t room) {
    char *name = NULL, *signature = NULL;
    jclass holder;
    int own = 0;
    snprintf(into, room, "?");
    if ((*jvm)->GetMethodName(jvm, method, &name, NULL, NULL) == JVMTI_ERROR_NONE
        && (*jvm)->GetMethodDeclaringClass(jvm, method, &holder) == JVMTI_ERROR_NONE
        && (*jvm)->GetClassSignature(jvm, holder, &signature, NULL) == JVMTI_ERROR_NONE) {
        char *type = strrchr(signature, '/') ? strrchr(signature, '/') + 1 : signature;
        snprintf(into, room, "%.*s.%s", (int)strcspn(type, ";"), type, name);
        own = !strncmp(signature, "Lio/flowscope/", strlen("Lio/flowscope/"));
    }
    (*jvm)->Deallocate(jvm, (unsigned char *)name);
    (*jvm)->Deallocate(jvm, (unsigned char *)signature);
    return own;
}

static int line_of(jvmtiEnv *jvm, jmethodID method, jint bytecode) {
    jvmtiLineNumberEntry *lines;
    jint count;
    int line = 0;
    if ((*jvm)->GetLineNumberTable(jvm, method, &count, &lines) != JVMTI_ERROR_NONE) return 0;
    jlocation best = -1;
    for (jint i = 0; i < count; i++) {
        if (lines[i].start_location <= bytecode && lines[i].start_location > best) {
            best = lines[i].start_location;
            line = lines[i].line_number;
        }
    }
    (*jvm)->Deallocate(jvm, (unsigned char *)lines);
    return line;
}

// What the compiler made late, such as what it reads again or puts on the stack, it books on one place of
// the outermost method, whichever it came to last: the bytecode that it names most often there.
static jint leftover(const jvmtiCompiledMethodLoadInlineRecord *inlined) {
    jint best = -1, most = inlined->numpcs / 16;
    for (jint i = 0; i < inlined->numpcs; i++) {
        jint often = 0;
        if (inlined->pcinfo[i].numstackframes != 1) continue;
        for (jint k = i; k < inlined->numpcs; k++) {
            const PCStackInfo *other = &inlined->pcinfo[k];
            often += other->numstackframes == 1 && other->bcis[0] == inlined->pcinfo[i].bcis[0];
        }
        if (often > most) {
            most = often;
            best = inlined->pcinfo[i].bcis[0];
        }
    }
    return best;
}

static void JNICALL compiled(jvmtiEnv *jvm, jmethodID method, jint bytes, const void *address,
                             jint count, const jvmtiAddrLocationMap *places, const void *info) {
    (void)count, (void)places;
    char outer[200], name[200], place[220], what[200];
    int own = name_of(jvm, method, outer, sizeof outer);
    const char *start = address, *end = start + bytes;
    const jvmtiCompiledMethodLoadRecordHeader *record = info;
    while (record && record->kind != JVMTI_CMLR_INLINE_INFO) record = record->next;
    const jvmtiCompiledMethodLoadInlineRecord *inlined = (const void *)record;
    jint rest = inlined ? leftover(inlined) : -1;
    for (jint i = 0; inlined && i < inlined->numpcs; i++) {
        const PCStackInfo *piece = &inlined->pcinfo[i];
        const char *until = (const char *)piece->pc + 1;  // where its last instruction begins
        if (until <= start || until > end) continue;
        if (piece->numstackframes == 1 && piece->bcis[0] == rest) continue;
        strcpy(what, "own");
        strcpy(place, "-");
        for (jint frame = 0; frame < piece->numstackframes; frame++) {
            if (name_of(jvm, piece->methods[frame], name, sizeof name)) {
                int line = line_of(jvm, piece->methods[frame], piece->bcis[frame]);
                snprintf(place, sizeof place, "%s:%d", name, line);
                break;
            }
            if (frame == 0) strcpy(what, name);
        }
        fprintf(map, "%lx %lx %s %s %s\n", (unsigned long)start, (unsigned long)(until - start),
                outer, place, what);
        start = until;
    }
    if (start < end) {
        fprintf(map, "%lx %lx %s %s%s own\n", (unsigned long)start, (unsigned long)(end - start),
                outer, own ? outer : "-", own ? ":0" : "");
    }
    fflush(map);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *file, void *reserved) {
    (void)reserved;
    jvmtiEnv *jvm;
    jvmtiCapabilities capabilities = {.can_generate_compiled_method_load_events = 1,
                                      .can_get_line_numbers = 1};
    jvmtiEventCallbacks callbacks = {.CompiledMethodLoad = compiled};
    map = fopen(file, "w");
    if (!map || (*vm)->GetEnv(vm, (void **)&jvm, JVMTI_VERSION_1_2) != JNI_OK) return 1;
    if ((*jvm)->AddCapabilities(jvm, &capabilities)
        || (*jvm)->SetEventCallbacks(jvm, &callbacks, sizeof callbacks)) return 1;
    return (*jvm)->SetEventNotificationMode(jvm, JVMTI_ENABLE, JVMTI_EVENT_COMPILED_METHOD_LOAD, NULL);
}
