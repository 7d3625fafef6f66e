"""What everything speaks of: records, requests and answers, invitations, times people are free. Nothing below it."""
