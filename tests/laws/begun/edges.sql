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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'a224c758d7f94232204996f88026602d',1,1.79599745177401447292e+09,1.79599751177401447299e+09,1.79599745184599161144e+09,'finished',0,0,NULL,'11f5537cb132be52e2be943aee1fd774116482dbe563ce9d6f2b527a1db40203');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'a224c758d7f94232204996f88026602d',1,1.79599745177401447292e+09,1.79599751177401447299e+09,1.79599745184599161144e+09,'finished',0,0,NULL,'1f86f299f99487115c2eae2c1312814d969ed49ab4a63c1c4b11d471e1f758bf');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'456d7b51614f5df98d45de2e40301f2d',1,1.7959974518570156097e+09,1.79599751185701560977e+09,1.79599745192199206347e+09,'finished',0,0,NULL,'b8da85e15c4985a9c10e8048d201712b99ebfc341031d11a8832ccad60b623de');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'456d7b51614f5df98d45de2e40301f2d',1,1.7959974518570156097e+09,1.79599751185701560977e+09,1.79599745192199206347e+09,'finished',0,0,NULL,'be386f95edc2c29a4f98e16894127ac8303a1ac41c3ce57f802bcfd70da32016');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'6dc38c7d412dbb17489b837916bcc413',1,1.7959974519250094891e+09,1.79599751192500948909e+09,1.79599745195401763915e+09,'finished',0,0,NULL,'5c3bd558d66d349881213d747abf6442860d536fb6bc91a61cde2a28cefb9b03');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'6dc38c7d412dbb17489b837916bcc413',1,1.7959974519250094891e+09,1.79599751192500948909e+09,1.79599745195401763915e+09,'finished',0,0,NULL,'e7c8e562b26bb78947a4f12c2ee2d3d2051524bc255706fab792cf257557acba');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'072cebc9fa6a7b40b100ec569e6747bf',1,1.79599745195598888393e+09,1.79599751195598888401e+09,1795997452.05798,'finished',0,0,NULL,'fec3e1ec48ec15f25ff411ce4744fde35749dbd1d5e756d403a0f8d10d6b207e');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'072cebc9fa6a7b40b100ec569e6747bf',1,1.79599745195598888393e+09,1.79599751195598888401e+09,1795997452.05798,'finished',0,0,NULL,'1b75b235d32cb389be49bcc434c97adc55957c84d4a05483e6b03f1f74f252f3');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'7f0a6070f3ec5e5caa84d963e07d6a94',1,1.79599745205999159814e+09,1.79599751205999159809e+09,1.7959974521660060883e+09,'finished',0,0,NULL,'5e744ab6f2e21de8a480005c18a09a921ab6622b9c0ead7aa91592b464fb0928');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'7f0a6070f3ec5e5caa84d963e07d6a94',1,1.79599745205999159814e+09,1.79599751205999159809e+09,1.7959974521660060883e+09,'finished',0,0,NULL,'29307c78c3495bb7841ad850af726beec1adaaa6f802e21c2024d3676b3da5a5');
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
INSERT INTO "hpsearch_rounds" VALUES(1,0,'round 0','[0.0, 0.0, 0.0, 0.0]','[1.0, 1.0, 1.0, 1.0]','the declared ranges','{}');
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
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "aa69013a0254a2b07d4e3c765d13055b5a117ffc76187f419cc4f5e36afa8ab2", "study": {"attempts": 3, "confirm": {"ensemble": 0, "epochs": null, "refit": true, "seeds": 5, "top": 0}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 50, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 7, "dropout_kind": "variational", "epochs": 12, "hidden": [16, 8], "init": "he", "init_scale": 1.0, "l1": 0.0, "linf": 0.0, "optimizer": "adam", "schedule": "cosine", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "edges", "parallelism": 4, "search": {"keep": 0.3333333333333333, "rounds": [12, 4], "rungs": [], "start": "random", "widen": 2}, "seed": 11, "space": [{"default": 0.001, "high": 0.1, "log": true, "low": 0.001, "name": "lr", "widen": 2}, {"default": 0.0, "high": 0.9999, "log": false, "low": 0.0, "name": "dropout", "widen": 0}, {"default": 0.0, "high": 0.5, "log": false, "low": 0.0, "name": "input_dropout", "widen": 0}, {"choices": ["none", "batch", "layer"], "default": "none", "name": "normalization"}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 24}}','/data',24,4,10,1.7959974514859855175e+09,3,1,10,0,'run',NULL,NULL,NULL,0,NULL,0,0);
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
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','21659@2352665',21659,1.79599745174299478536e+09,1.79599745216701173785e+09,1.79599745216701173785e+09,'{"training": 0.3445100960052514, "database": 0.058748532996105496, "proposals": 0.010975765999319265, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "a147a847b676edda8b9e94213e06b7ec", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'edges');
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
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,1,4,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,1,5,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,1,6,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,1,7,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,1,8,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,1,9,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,1,10,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,1,11,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,1,12,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,2,1,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,2,2,2.03342618384401124798e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,2,3,2.70194986072423370959e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,2,4,2.36768802228412261756e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,2,5,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,2,6,2.17270194986072417986e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,2,7,2.22841225626740940812e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,2,8,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,2,9,2.00557103064066849507e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,2,10,2.92479108635097517776e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,2,11,2.86908077994428967194e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,2,12,3.31476323119777149805e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,3,1,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,3,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,3,3,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,3,4,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,3,5,1.61559888579387189722e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,3,6,1.58774373259052914431e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,3,7,1.53203342618384391604e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,3,8,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,3,9,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,3,10,1.25348189415041777472e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,3,11,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,3,12,1.25348189415041777472e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,4,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,4,2,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,4,3,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,4,4,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,4,5,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,4,6,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,4,7,1.55988857938718666895e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,4,8,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,4,9,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,4,10,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,4,11,1.39275766016713098416e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,4,12,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,5,1,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,5,2,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,5,3,1.25348189415041777472e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(52,5,4,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(53,5,5,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(54,5,6,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(55,5,7,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(56,5,8,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(57,5,9,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(58,5,10,6.40668523676880263817e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(59,5,11,6.40668523676880263817e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(60,5,12,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(61,6,1,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(62,6,2,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(63,6,3,8.91364902506963791006e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(64,6,4,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(65,6,5,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(66,6,6,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(67,6,7,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(68,6,8,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(69,6,9,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(70,6,10,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(71,6,11,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(72,6,12,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(73,7,1,6.40668523676880263817e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(74,7,2,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(75,7,3,8.91364902506963791006e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(76,7,4,0.0584958217270195,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(77,7,5,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(78,7,6,3.89972144846796667239e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(79,7,7,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(80,7,8,2.78551532033426176016e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(81,7,9,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(82,7,10,6.96378830083565492081e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(83,7,11,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(84,7,12,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(85,8,1,1.97771587743732601971e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(86,8,2,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(87,8,3,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(88,8,4,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(89,8,5,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(90,8,6,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(91,8,7,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(92,8,8,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(93,8,9,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(94,8,10,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(95,8,11,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(96,8,12,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(97,9,1,5.57103064066852352032e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(98,9,2,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(99,9,3,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(100,9,4,1.55988857938718666895e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(101,9,5,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(102,9,6,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(103,9,7,1.39275766016713098416e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(104,9,8,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(105,9,9,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(106,9,10,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(107,9,11,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(108,9,12,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(109,10,1,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(110,10,2,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(111,10,3,1.55988857938718666895e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(112,10,4,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(113,10,5,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(114,10,6,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(115,10,7,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(116,10,8,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(117,10,9,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(118,10,10,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(119,10,11,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(120,10,12,1.00278551532033424753e-01,'FINITE');
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
INSERT INTO "trial_params" VALUES(1,1,'lr',5.27394856270231235373e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'dropout',0.562498651078875,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(3,1,'input_dropout',2.20465419116177563374e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(4,1,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(5,2,'lr',2.87767769483078562908e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,2,'dropout',4.82594212228573571366e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(7,2,'input_dropout',2.3744197263148769661e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(8,2,'normalization',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(9,3,'lr',2.31434336915037645529e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,3,'dropout',5.00171154671216644516e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(11,3,'input_dropout',1.104512791724040488e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(12,3,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(13,4,'lr',6.62054625969449393046e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(14,4,'dropout',4.42557541254301967104e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(15,4,'input_dropout',3.88774912671478289905e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(16,4,'normalization',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(17,5,'lr',4.21462489181147811206e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(18,5,'dropout',6.45690167252444546797e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(19,5,'input_dropout',2.85514124240479338912e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(20,5,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(21,6,'lr',1.04530578916915348197e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,6,'dropout',2.45911725895597482738e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(23,6,'input_dropout',3.15607509102403815948e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(24,6,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(25,7,'lr',1.69088236983284644077e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,7,'dropout',9.02573596572681546845e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(27,7,'input_dropout',2.4568727569495835139e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(28,7,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(29,8,'lr',0.0408646719541593,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,8,'dropout',6.82049703214758218372e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(31,8,'input_dropout',4.38260443460595561226e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(32,8,'normalization',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(33,9,'lr',6.25016712576916769888e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(34,9,'dropout',3.01331055433294858758e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(35,9,'input_dropout',4.84808255358459172512e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(36,9,'normalization',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
INSERT INTO "trial_params" VALUES(37,10,'lr',8.02579685338715258235e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(38,10,'dropout',0.899385218605897,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.9999, "log": false}}');
INSERT INTO "trial_params" VALUES(39,10,'input_dropout',2.293174430865525526e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(40,10,'normalization',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["none", "batch", "layer"]}}');
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
INSERT INTO "trial_values" VALUES(1,1,0,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,3.091922005571030585e-01,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,1.26740947075208915117e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,6.54596100278551640272e-02,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,1.00278551532033424753e-01,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-30 00:10:51.774014','2026-11-30 00:10:51.845992');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-30 00:10:51.774014','2026-11-30 00:10:51.845992');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-30 00:10:51.857016','2026-11-30 00:10:51.921992');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-30 00:10:51.857016','2026-11-30 00:10:51.921992');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-30 00:10:51.925009','2026-11-30 00:10:51.954018');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-30 00:10:51.925009','2026-11-30 00:10:51.954018');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-30 00:10:51.955989','2026-11-30 00:10:52.057980');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-30 00:10:51.955989','2026-11-30 00:10:52.057980');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-30 00:10:52.059992','2026-11-30 00:10:52.166006');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-30 00:10:52.059992','2026-11-30 00:10:52.166006');
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
