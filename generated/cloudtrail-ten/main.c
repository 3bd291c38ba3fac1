/* main.c - the scanner. For a program of your own, see trail/trail.h. */
#include "pack.h"

#include "trail/trail.h"

int main(int argc, char **argv)
{
    return trail_main(&cloudtrail_ten_pack, argc, argv);
}
