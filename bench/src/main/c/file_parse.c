// What of the limit is reading and finding out a packet's flow: file_read without its table.
//   file_parse FILE PASSES
#define PARSE_ONLY
#include "file_read.c"
