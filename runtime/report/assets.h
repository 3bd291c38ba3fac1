/*
 * assets.h - what a page carries besides its data: the files of page/, made into C by assets.awk.
 */
#ifndef TRAIL_REPORT_ASSETS_H
#define TRAIL_REPORT_ASSETS_H

#include "trail/pack.h"

extern const struct trail_slice asset_style, asset_script;             /* page.css, page.js */
extern const struct trail_slice asset_uplot_style, asset_uplot_script; /* uPlot 1.6.32 */

#endif
