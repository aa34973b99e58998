"""What the detection and tracking table is made with: scenes, contenders, search, scores, pages."""
