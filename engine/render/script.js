(function () {
  "use strict";
  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    var body = table.tBodies[0];
    table.querySelectorAll("th[data-sort]").forEach(function (th) {
      var button = document.createElement("button");
      button.type = "button";
      while (th.firstChild) button.appendChild(th.firstChild);
      th.appendChild(button);
      button.addEventListener("click", function () {
        var key = "data-" + th.getAttribute("data-sort");
        var before = th.getAttribute("aria-sort"); // numbers start with the largest, names with A
        var up = before ? before === "descending" : key === "data-title";
        table.querySelectorAll("th[aria-sort]").forEach(function (o) { o.removeAttribute("aria-sort"); });
        th.setAttribute("aria-sort", up ? "ascending" : "descending");
        Array.from(body.rows).sort(function (a, b) {
          var x = a.getAttribute(key), y = b.getAttribute(key);
          if (x === y) return 0;
          if (!x || !y) return x ? -1 : 1;
          var d = isNaN(x) || isNaN(y) ? y.localeCompare(x) : y - x;
          return up ? -d : d;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  });
  var folded = [];
  addEventListener("beforeprint", function () {
    folded = Array.from(document.querySelectorAll("details.evidence:not([open])"));
    folded.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () {
    folded.forEach(function (d) { d.open = false; });
  });
})();
