BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0010');
CREATE TABLE aliases (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	target TEXT NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (community, id), 
	CONSTRAINT fk_aliases_community_target FOREIGN KEY(community, target) REFERENCES members (community, id), 
	CONSTRAINT fk_aliases_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "aliases" VALUES('garden','bobby','bob');
CREATE TABLE before_images (
	community TEXT NOT NULL, 
	merge INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_before_images PRIMARY KEY (community, merge, kind, id, field), 
	CONSTRAINT fk_before_images_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE, 
	CONSTRAINT fk_before_images_community_merge FOREIGN KEY(community, merge) REFERENCES merges (community, id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE blocks (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	time BIGINT, 
	kind TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_blocks PRIMARY KEY (community, id), 
	CONSTRAINT fk_blocks_community_source FOREIGN KEY(community, source) REFERENCES members (community, id), 
	CONSTRAINT fk_blocks_community_target FOREIGN KEY(community, target) REFERENCES members (community, id), 
	CONSTRAINT fk_blocks_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "blocks" VALUES('garden','bob~ada','bob','ada',8,'','',0);
CREATE TABLE changes (
	community TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	op TEXT NOT NULL, 
	CONSTRAINT pk_changes PRIMARY KEY (community, seq), 
	CONSTRAINT fk_changes_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "changes" VALUES('garden',1,'community','garden','put');
INSERT INTO "changes" VALUES('garden',2,'member','ada','put');
INSERT INTO "changes" VALUES('garden',3,'member','bob','put');
INSERT INTO "changes" VALUES('garden',4,'member',' ae030a52600acb02ab8bbc9c4255944e','put');
INSERT INTO "changes" VALUES('garden',5,'block',' 14c217d71ed12eadec3528c6e79a0dac','put');
INSERT INTO "changes" VALUES('garden',6,'member',' ae030a52600acb02ab8bbc9c4255944e','delete');
INSERT INTO "changes" VALUES('garden',7,'message','m1','put');
CREATE TABLE channels (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	visibility TEXT NOT NULL, 
	members TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_channels PRIMARY KEY (community, id), 
	CONSTRAINT fk_channels_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "channels" VALUES('garden','lobby','Lobby','community','[]','',0);
CREATE TABLE communities (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	"values" TEXT NOT NULL, 
	languages TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_communities PRIMARY KEY (id)
);
INSERT INTO "communities" VALUES('garden','Garden','','[]','[]','',1);
CREATE TABLE cursors (
	community TEXT NOT NULL, 
	consumer TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_cursors PRIMARY KEY (community, consumer), 
	CONSTRAINT fk_cursors_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE dead_letters (
	community TEXT NOT NULL, 
	consumer TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	op TEXT NOT NULL, 
	fault TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	tries BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	due BIGINT NOT NULL, 
	CONSTRAINT pk_dead_letters PRIMARY KEY (community, consumer, kind, id), 
	CONSTRAINT fk_dead_letters_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE identities (
	community TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	handle TEXT NOT NULL, 
	member TEXT NOT NULL, 
	CONSTRAINT pk_identities PRIMARY KEY (community, platform, handle), 
	CONSTRAINT fk_identities_community_member FOREIGN KEY(community, member) REFERENCES members (community, id), 
	CONSTRAINT fk_identities_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "identities" VALUES('garden','irc','ada','ada');
CREATE TABLE incarnations (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT pk_incarnations PRIMARY KEY (community)
)
 WITHOUT ROWID

;
CREATE TABLE invitations (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	guests TEXT NOT NULL, 
	source TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	state TEXT NOT NULL, 
	double_opt_in INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	sitting INTEGER NOT NULL, 
	slot TEXT NOT NULL, 
	team TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	period_days INTEGER NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (community, id), 
	CONSTRAINT fk_invitations_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "invitations" VALUES('garden','i',11,'[["ada","","pending","",0,0],["bob","","accepted","",0,0]]','round','r','open',0,'','',0,'','',0.0,0,'',0);
CREATE TABLE jobs (
	community TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	fault TEXT NOT NULL, 
	tries BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	due BIGINT NOT NULL, 
	span BIGINT NOT NULL, 
	progress FLOAT NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (community, kind, "key"), 
	CONSTRAINT fk_jobs_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE links (
	community TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	member TEXT NOT NULL, 
	id TEXT NOT NULL, 
	CONSTRAINT pk_links PRIMARY KEY (community, kind, member, id), 
	CONSTRAINT fk_links_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "links" VALUES('garden','invitation','ada','i');
INSERT INTO "links" VALUES('garden','invitation','bob','i');
INSERT INTO "links" VALUES('garden','message','bob','m1');
INSERT INTO "links" VALUES('garden','project','ada','p');
INSERT INTO "links" VALUES('garden','project','bob','p');
INSERT INTO "links" VALUES('garden','round','ada','r');
INSERT INTO "links" VALUES('garden','round','bob','r');
CREATE TABLE members (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	profile TEXT NOT NULL, 
	aims TEXT NOT NULL, 
	offers TEXT NOT NULL, 
	seeks TEXT NOT NULL, 
	"values" TEXT NOT NULL, 
	languages TEXT NOT NULL, 
	place TEXT NOT NULL, 
	time_zone TEXT NOT NULL, 
	availability TEXT NOT NULL, 
	identities TEXT NOT NULL, 
	consent TEXT NOT NULL, 
	paused_until BIGINT, 
	attributes TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, answers TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (community, id), 
	CONSTRAINT fk_members_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "members" VALUES('garden','ada','Ada','','["a greener town"]','[["pruning","growth"]]','[]','[]','[]','','','[]','[["irc","ada"]]','members',NULL,'{"age":36}','{"note":"kept"}',0,'');
INSERT INTO "members" VALUES('garden','bob','Bob','','[]','[]','[]','[]','[]','','','[]','[]','organizers',NULL,'{}','',0,'');
CREATE TABLE merges (
	community TEXT NOT NULL, 
	id INTEGER NOT NULL, 
	kept TEXT NOT NULL, 
	merged TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	CONSTRAINT pk_merges PRIMARY KEY (community, id), 
	CONSTRAINT fk_merges_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE messages (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	author TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	text TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	reply_to TEXT NOT NULL, 
	mentions TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (community, id), 
	CONSTRAINT fk_messages_community_author FOREIGN KEY(community, author) REFERENCES members (community, id), 
	CONSTRAINT fk_messages_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "messages" VALUES('garden','m1','ada',5,'Hello, who prunes trees?','','','','','["bob"]','',0);
CREATE TABLE outcomes (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	value TEXT NOT NULL, 
	token TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, invitation TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_outcomes PRIMARY KEY (community, id), 
	CONSTRAINT fk_outcomes_community_source FOREIGN KEY(community, source) REFERENCES members (community, id), 
	CONSTRAINT fk_outcomes_community_target FOREIGN KEY(community, target) REFERENCES members (community, id), 
	CONSTRAINT fk_outcomes_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "outcomes" VALUES('garden','o','ada','bob',9,'','','talked','',0,'');
CREATE TABLE progress (
	community TEXT NOT NULL, 
	job TEXT NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_progress PRIMARY KEY (community, job), 
	CONSTRAINT fk_progress_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE projects (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	time BIGINT, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	members TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	state TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_projects PRIMARY KEY (community, id), 
	CONSTRAINT fk_projects_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "projects" VALUES('garden','p',6,'Hedge','','["ada","bob"]','[]','open','',0);
CREATE TABLE requests (
	community TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	CONSTRAINT pk_requests PRIMARY KEY (community, request_id), 
	CONSTRAINT fk_requests_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "requests" VALUES('garden','q','member/ada',1);
CREATE TABLE rounds (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	time BIGINT NOT NULL, 
	title TEXT NOT NULL, 
	state TEXT NOT NULL, 
	members TEXT NOT NULL, 
	spec TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	left_out TEXT NOT NULL, 
	ranked_as TEXT NOT NULL, 
	language TEXT NOT NULL, 
	double_opt_in INTEGER NOT NULL, 
	goes_out INTEGER NOT NULL, 
	period_days INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	published BIGINT, 
	problem TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, date TEXT DEFAULT '' NOT NULL, place TEXT DEFAULT '' NOT NULL, note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_rounds PRIMARY KEY (community, id), 
	CONSTRAINT fk_rounds_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "rounds" VALUES('garden','r',10,'','solved','["ada","bob"]','{"kind":"pairs","members":["ada","bob"]}','','','collaborators','en',0,0,0,1,NULL,'','',0,'','','');
CREATE TABLE suggestions (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	member TEXT NOT NULL, 
	field TEXT NOT NULL, 
	text TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	message TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_suggestions PRIMARY KEY (community, id), 
	CONSTRAINT fk_suggestions_community_member FOREIGN KEY(community, member) REFERENCES members (community, id), 
	CONSTRAINT fk_suggestions_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "suggestions" VALUES('garden','s','ada','offers','pruning','','','open',0);
CREATE TABLE ties (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	time BIGINT, 
	kind TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_ties PRIMARY KEY (community, id), 
	CONSTRAINT fk_ties_community_source FOREIGN KEY(community, source) REFERENCES members (community, id), 
	CONSTRAINT fk_ties_community_target FOREIGN KEY(community, target) REFERENCES members (community, id), 
	CONSTRAINT fk_ties_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
INSERT INTO "ties" VALUES('garden','t','ada','bob',7,'kin','',0);
CREATE TABLE tombstones (
	community TEXT NOT NULL, 
	id TEXT NOT NULL, ref TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_tombstones PRIMARY KEY (community, id), 
	CONSTRAINT fk_tombstones_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "tombstones" VALUES('garden','gone',' ae030a52600acb02ab8bbc9c4255944e');
CREATE TABLE vectors (
	community TEXT NOT NULL, 
	model TEXT NOT NULL, 
	"key" BLOB NOT NULL, 
	member TEXT NOT NULL, 
	vector BLOB NOT NULL, 
	CONSTRAINT pk_vectors PRIMARY KEY (community, model, "key"), 
	CONSTRAINT fk_vectors_community FOREIGN KEY(community) REFERENCES communities (id) ON DELETE CASCADE
);
CREATE INDEX ix_projects_community_state_id ON projects (community, state, id);
CREATE INDEX ix_projects_community_time_id ON projects (community, time, id);
CREATE INDEX ix_vectors_community_member ON vectors (community, member);
CREATE INDEX ix_aliases_community_target ON aliases (community, target);
CREATE INDEX ix_blocks_community_source_id ON blocks (community, source, id);
CREATE INDEX ix_blocks_community_target_id ON blocks (community, target, id);
CREATE INDEX ix_identities_community_member ON identities (community, member);
CREATE INDEX ix_messages_community_author_id ON messages (community, author, id);
CREATE INDEX ix_messages_community_time_id ON messages (community, time, id);
CREATE INDEX ix_outcomes_community_source_id ON outcomes (community, source, id);
CREATE INDEX ix_outcomes_community_target_id ON outcomes (community, target, id);
CREATE INDEX ix_suggestions_community_member_id ON suggestions (community, member, id);
CREATE INDEX ix_suggestions_community_message ON suggestions (community, message);
CREATE INDEX ix_suggestions_community_state_id ON suggestions (community, state, id);
CREATE INDEX ix_ties_community_source_id ON ties (community, source, id);
CREATE INDEX ix_ties_community_target_id ON ties (community, target, id);
CREATE INDEX ix_rounds_community_state_id ON rounds (community, state, id);
CREATE INDEX ix_rounds_community_time_id ON rounds (community, time, id);
CREATE INDEX ix_invitations_community_time_id ON invitations (community, time, id);
CREATE INDEX ix_invitations_community_ref_id ON invitations (community, ref, id);
CREATE INDEX ix_before_images_community_kind_id ON before_images (community, kind, id);
CREATE INDEX ix_tombstones_community_ref ON tombstones (community, ref);
COMMIT;
