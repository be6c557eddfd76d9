module meshtier/lab/images/echo

go 1.26
