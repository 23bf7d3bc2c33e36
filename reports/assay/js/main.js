startTheme();
startPrint();
startLists();
startControls();
if (matchMedia("(max-width: 60rem)").matches) document.getElementById("index").open = false;
follow();
