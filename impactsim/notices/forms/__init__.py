"""Forms of a notice: plain text, Markdown, a page, JSON, and what Statuspage takes. A form words nothing and decides nothing.

Every form takes public incidents and notices only, and makes what authors wrote harmless: whatever their words are, they show
as text.
"""
