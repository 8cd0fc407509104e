// For the JVM: writes down where it puts compiled methods, a line "ADDRESS BYTES NAME" for each.
//   java -agentpath:code_map.so=FILE …
#include <jvmti.h>
#include <stdio.h>
#include <string.h>

static FILE *map;

static void JNICALL compiled(jvmtiEnv *jvm, jmethodID method, jint bytes, const void *address,
                             jint lines, const jvmtiAddrLocationMap *places, const void *info) {
    (void)lines, (void)places, (void)info;
    char *name = NULL, *signature = NULL;
    jclass holder;
    if ((*jvm)->GetMethodName(jvm, method, &name, NULL, NULL) == JVMTI_ERROR_NONE
        && (*jvm)->GetMethodDeclaringClass(jvm, method, &holder) == JVMTI_ERROR_NONE
        && (*jvm)->GetClassSignature(jvm, holder, &signature, NULL) == JVMTI_ERROR_NONE) {
        char *type = strrchr(signature, '/') ? strrchr(signature, '/') + 1 : signature;
        fprintf(map, "%lx %x %.*s.%s\n", (unsigned long)address, (unsigned)bytes,
                (int)strcspn(type, ";"), type, name);
        fflush(map);
    }
    (*jvm)->Deallocate(jvm, (unsigned char *)name);
    (*jvm)->Deallocate(jvm, (unsigned char *)signature);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *file, void *reserved) {
    (void)reserved;
    jvmtiEnv *jvm;
    jvmtiCapabilities capabilities = {.can_generate_compiled_method_load_events = 1};
    jvmtiEventCallbacks callbacks = {.CompiledMethodLoad = compiled};
    map = fopen(file, "w");
    if (!map || (*vm)->GetEnv(vm, (void **)&jvm, JVMTI_VERSION_1_2) != JNI_OK) return 1;
    if ((*jvm)->AddCapabilities(jvm, &capabilities)
        || (*jvm)->SetEventCallbacks(jvm, &callbacks, sizeof callbacks)) return 1;
    return (*jvm)->SetEventNotificationMode(jvm, JVMTI_ENABLE, JVMTI_EVENT_COMPILED_METHOD_LOAD, NULL);
}
