# What a report's page carries besides its data, as C.

$(B)/runtime/report/assets.c: runtime/report/assets.awk $(addprefix runtime/report/page/,page.css page.js uplot.min.css uplot.min.js)
	@mkdir -p $(@D)
	LC_ALL=C awk -f $< style=runtime/report/page/page.css script=runtime/report/page/page.js \
	    uplot_style=runtime/report/page/uplot.min.css uplot_script=runtime/report/page/uplot.min.js >$@.new && mv $@.new $@

$(B)/runtime/report/attack_table.c: runtime/report/attack.awk runtime/report/attack.txt
	@mkdir -p $(@D)
	LC_ALL=C awk -f $^ >$@.new && mv $@.new $@
