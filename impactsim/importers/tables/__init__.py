"""Tables as CSV or spreadsheets, with profiles of ServiceNow and GLPI."""
