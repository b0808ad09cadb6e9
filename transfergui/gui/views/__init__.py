"""What views show, drawn: charts, tables, galleries, maps, and the page that offers them."""
