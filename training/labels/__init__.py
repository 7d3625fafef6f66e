"""What is predicted and what turned out right: tasks, outcomes, feedback, explicit choices."""
