BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE hpsearch_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hpsearch_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hpsearch_alembic_version" VALUES('0006');
CREATE TABLE hpsearch_attempts (
	trial_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	worker_id INTEGER NOT NULL, 
	claimed_at FLOAT NOT NULL, 
	lease_until FLOAT NOT NULL, 
	ended_at FLOAT, 
	outcome VARCHAR(16), 
	open BOOLEAN NOT NULL, alone BOOLEAN DEFAULT 0 NOT NULL, note TEXT, digest VARCHAR(64), 
	PRIMARY KEY (trial_id, attempt)
);
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'6a332e309475364ab58c07f06fea2314',1,1.79599738331801891326e+09,1.79599744331801891321e+09,1.79599738336601710319e+09,'finished',0,0,NULL,'5ff3e8f0ef593f7775e481fc92578aa0feb579983062ff9df518e3c9aada5382');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'6a332e309475364ab58c07f06fea2314',1,1.79599738331801891326e+09,1.79599744331801891321e+09,1.79599738336601710319e+09,'finished',0,0,NULL,'01054efcfa0a5910b7107b11b13954df99e2d3ff244cd47723f565365f5459f9');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'825812ce1f72415b4e3f5e0e8984e134',1,1.79599738338299536703e+09,1.79599744338299536702e+09,1.79599738341799831388e+09,'finished',0,0,NULL,'f950817e0b81335222e086457a84a92d7836fcd6b43207c5abfd4e529c09fc8d');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'825812ce1f72415b4e3f5e0e8984e134',1,1.79599738338299536703e+09,1.79599744338299536702e+09,1.79599738341799831388e+09,'finished',0,0,NULL,'11bf6b0e32a74429ad4f9fa2aab73425a4fcff89fdc741e309cb5d605c25c1ae');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'981e86da6cff90d1ded4efdfefca911f',1,1.79599738342499876024e+09,1.79599744342499876019e+09,1795997383.45799,'finished',0,0,NULL,'3eca1ddf028e013836cea39d3a38ebf2cee19add16cf037d2c412f899d68a555');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'981e86da6cff90d1ded4efdfefca911f',1,1.79599738342499876024e+09,1.79599744342499876019e+09,1795997383.45799,'finished',0,0,NULL,'4704711232b11004da29efa08a2af1c85edbb7ba6e396cf3846bed72c0ab2e82');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'713cb982ebd8db0a01096457b1e4db14',1,1.79599738346301913268e+09,1.79599744346301913263e+09,1.79599738349798178672e+09,'finished',0,0,NULL,'a305746970607dfe5c9f8057193817c695607b4fa931f8cafa639b731b81b087');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'713cb982ebd8db0a01096457b1e4db14',1,1.79599738346301913268e+09,1.79599744346301913263e+09,1.79599738349798178672e+09,'finished',0,0,NULL,'36be150b4d8671fe662c2c949354a85ab3a4215c2adde452d4518f30a8e3ee83');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'b6a7fc7e97bedd836c1d6f5496ae770d',1,1.79599738350099921227e+09,1.79599744350099921222e+09,1.79599738353000736241e+09,'finished',0,0,NULL,'391daa33bcd4ca6fd264b780a6b59f4702f12e42172ec203cc0f43d409114848');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'b6a7fc7e97bedd836c1d6f5496ae770d',1,1.79599738350099921227e+09,1.79599744350099921222e+09,1.79599738353000736241e+09,'finished',0,0,NULL,'61dd949b467777a4b9dbc909832db08a581bc7b75c0712f77eb4e9a673941542');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'136d76276b078e6ce21e50c40094b123',1,1.79599738353298449518e+09,1.79599744353298449513e+09,1.79599738356400442126e+09,'finished',0,0,NULL,'f3eaf241788b418c37111748fbc13ad34828b8f5d7caec7885d14b5d4efbec2f');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'136d76276b078e6ce21e50c40094b123',1,1.79599738353298449518e+09,1.79599744353298449513e+09,1.79599738356400442126e+09,'finished',0,0,NULL,'2ebd3a9278067f3f244196ec96000fc58375d1dc55eba60e7244bbc17dcf1e92');
CREATE TABLE hpsearch_checkpoints (
	trial_id INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	curve JSON NOT NULL, 
	saved_at FLOAT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	data BLOB, 
	PRIMARY KEY (trial_id)
);
CREATE TABLE hpsearch_rounds (
	study_id INTEGER NOT NULL, 
	first_number INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	low JSON NOT NULL, 
	high JSON NOT NULL, 
	reason TEXT NOT NULL, evidence JSON DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (study_id, first_number)
);
INSERT INTO "hpsearch_rounds" VALUES(1,0,'round 0','[0.0]','[1.0]','the declared ranges','{}');
CREATE TABLE hpsearch_studies (
	study_id INTEGER NOT NULL, 
	contract TEXT NOT NULL, 
	base TEXT NOT NULL, 
	budget INTEGER NOT NULL, 
	parallelism INTEGER NOT NULL, 
	admitted INTEGER NOT NULL, 
	created_at FLOAT NOT NULL, attempts INTEGER DEFAULT '3' NOT NULL, search_id INTEGER DEFAULT '0' NOT NULL, newest_trial_id INTEGER DEFAULT '0' NOT NULL, reopened INTEGER DEFAULT '0' NOT NULL, control VARCHAR(8) DEFAULT 'run' NOT NULL, stop_number INTEGER, stop_rule VARCHAR(16), stop_text TEXT, changes INTEGER DEFAULT '0' NOT NULL, artifacts TEXT, strict BOOLEAN DEFAULT 0 NOT NULL, adopted INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "d67f644d36452a8821cfe43a4aa8b9318314c7cf16b1ac4a3d5527fa49d06b26", "study": {"attempts": 3, "confirm": {"ensemble": 2, "epochs": 6, "refit": true, "seeds": 2, "top": 2}, "data": {"scaling": "auto", "source": "wine", "target": null, "test": 0.2, "train": null, "validation": 0.2}, "model": {"activation": "prelu", "batch_size": 8, "dropout": 0.0, "dropout_kind": "standard", "epochs": 12, "hidden": [16], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "slopes", "parallelism": 4, "search": {"keep": 0.3333333333333333, "rounds": [12, 4], "rungs": [], "start": "random", "widen": 2}, "seed": 3, "space": [{"default": 0.001, "high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 24}}','/data',24,4,12,1795997383.11802,3,1,12,0,'run',NULL,NULL,NULL,0,NULL,0,0);
CREATE TABLE hpsearch_workers (
	worker_id INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	host VARCHAR(256) NOT NULL, 
	process VARCHAR(128) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at FLOAT NOT NULL, 
	beat_at FLOAT NOT NULL, 
	ended_at FLOAT, spent JSON DEFAULT '{}' NOT NULL, environment JSON DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (worker_id)
);
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','21322@2345829',21322,1.79599738328599333762e+09,1795997383.56501,1795997383.56501,'{"training": 0.17859289800253464, "database": 0.08035146898691892, "proposals": 0.009037612995598465, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "a147a847b676edda8b9e94213e06b7ec", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'slopes');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_system_attributes" VALUES(1,1,'study:metric_names','["validation accuracy"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,1,4,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,1,5,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,1,6,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,1,7,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,1,8,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,1,9,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,1,10,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,1,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,1,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,2,1,3.61111111111111104943e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,2,2,7.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,2,3,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,2,4,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,2,5,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,2,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,2,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,2,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,2,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,2,10,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,2,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,2,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,3,1,2.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,3,2,3.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,3,3,5.27777777777777790113e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,3,4,6.11111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,3,5,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,3,6,7.77777777777777790113e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,3,7,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,3,8,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,3,9,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,3,10,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,3,11,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,3,12,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,4,1,1.66666666666666657414e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,4,2,1.66666666666666657414e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,4,3,1.94444444444444447528e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,4,4,1.94444444444444447528e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,4,5,2.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,4,6,2.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,4,7,2.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,4,8,0.25,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,4,9,0.25,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,4,10,3.33333333333333314829e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,4,11,3.88888888888888895056e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,4,12,4.1666666666666668517e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,5,1,8.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,5,2,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,5,3,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(52,5,4,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(53,5,5,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(54,5,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(55,5,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(56,5,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(57,5,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(58,5,10,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(59,5,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(60,5,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(61,6,1,3.88888888888888895056e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(62,6,2,4.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(63,6,3,0.5,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(64,6,4,5.55555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(65,6,5,5.55555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(66,6,6,6.11111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(67,6,7,6.11111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(68,6,8,6.38888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(69,6,9,6.66666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(70,6,10,6.66666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(71,6,11,7.22222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(72,6,12,0.75,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(73,7,1,8.3333333333333337034e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(74,7,2,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(75,7,3,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(76,7,4,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(77,7,5,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(78,7,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(79,7,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(80,7,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(81,7,9,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(82,7,10,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(83,7,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(84,7,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(85,8,1,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(86,8,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(87,8,3,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(88,8,4,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(89,8,5,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(90,8,6,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(91,8,7,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(92,8,8,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(93,8,9,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(94,8,10,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(95,8,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(96,8,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(97,9,1,5.27777777777777790113e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(98,9,2,5.27777777777777790113e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(99,9,3,5.8333333333333337034e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(100,9,4,6.66666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(101,9,5,6.66666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(102,9,6,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(103,9,7,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(104,9,8,7.77777777777777790113e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(105,9,9,8.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(106,9,10,8.3333333333333337034e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(107,9,11,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(108,9,12,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(109,10,1,3.33333333333333314829e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(110,10,2,4.1666666666666668517e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(111,10,3,0.5,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(112,10,4,5.8333333333333337034e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(113,10,5,6.11111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(114,10,6,6.66666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(115,10,7,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(116,10,8,0.75,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(117,10,9,0.75,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(118,10,10,8.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(119,10,11,8.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(120,10,12,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(121,11,1,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(122,11,2,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(123,11,3,0.75,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(124,11,4,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(125,11,5,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(126,11,6,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(127,11,7,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(128,11,8,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(129,11,9,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(130,11,10,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(131,11,11,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(132,11,12,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(133,12,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(134,12,2,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(135,12,3,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(136,12,4,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(137,12,5,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(138,12,6,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(139,12,7,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(140,12,8,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(141,12,9,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(142,12,10,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(143,12,11,9.16666666666666629659e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(144,12,12,9.16666666666666629659e-01,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'lr',5.37793760447679153324e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,2,'lr',4.30703291120561847227e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(3,3,'lr',1.78207971694821910683e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(4,4,'lr',2.77484944154378257007e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(5,5,'lr',6.09347878821517047881e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,6,'lr',4.58059989977275747174e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(7,7,'lr',4.02181416260862911044e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(8,8,'lr',6.89469243460756782415e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(9,9,'lr',1.00448997050708757443e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,10,'lr',1.00502729701426878235e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(11,11,'lr',1.59147080463348743716e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(12,12,'lr',9.58404691290146715232e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(2,2,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(3,3,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(4,4,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(5,5,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(6,6,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(7,7,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(8,8,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(9,9,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(10,10,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(11,11,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(12,12,'stage','"round 0"');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,4.02777777777777790113e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,7.36111111111111160454e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,8.47222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,9.16666666666666629659e-01,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-30 00:09:43.318019','2026-11-30 00:09:43.366017');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-30 00:09:43.318019','2026-11-30 00:09:43.366017');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-30 00:09:43.382995','2026-11-30 00:09:43.417998');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-30 00:09:43.382995','2026-11-30 00:09:43.417998');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-30 00:09:43.424999','2026-11-30 00:09:43.457990');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-30 00:09:43.424999','2026-11-30 00:09:43.457990');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-30 00:09:43.463019','2026-11-30 00:09:43.497982');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-30 00:09:43.463019','2026-11-30 00:09:43.497982');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-30 00:09:43.500999','2026-11-30 00:09:43.530007');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-30 00:09:43.500999','2026-11-30 00:09:43.530007');
INSERT INTO "trials" VALUES(11,10,1,'COMPLETE','2026-11-30 00:09:43.532984','2026-11-30 00:09:43.564004');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-30 00:09:43.532984','2026-11-30 00:09:43.564004');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
CREATE UNIQUE INDEX hpsearch_attempts_open ON hpsearch_attempts (study_id, number) WHERE open;
CREATE INDEX ix_hpsearch_workers_study_id ON hpsearch_workers (study_id);
COMMIT;
