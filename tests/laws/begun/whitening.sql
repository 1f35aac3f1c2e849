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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'aaa77861d4dcaa7cbc6c0cd8ecab37b2',1,1.79599740797099328036e+09,1.79599746797099328043e+09,1.79599740801001930235e+09,'finished',0,0,NULL,'db07849ecbc131efaa158c48cd317159f3ee7d5ed2441617ffe45af4f34a0118');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'aaa77861d4dcaa7cbc6c0cd8ecab37b2',1,1.79599740797099328036e+09,1.79599746797099328043e+09,1.79599740801001930235e+09,'finished',0,0,NULL,'b6ec238bdb5330e129d78256d87aba087bd962c3bcff46ab2575e8965ddef3b3');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'110359fd2b8ce5073898d2195599ff7a',1,1.79599740801899147033e+09,1.79599746801899147032e+09,1.79599740804301047326e+09,'finished',0,0,NULL,'17619557412d7e27c6d497c9b162341f44796c50c6d845d9656f66d5781c0044');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'110359fd2b8ce5073898d2195599ff7a',1,1.79599740801899147033e+09,1.79599746801899147032e+09,1.79599740804301047326e+09,'finished',0,0,NULL,'6b25e2c7e63b479d81ad6cff5fc533e7689c0a2e202a6aba639de09f4d23f150');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'7b45d280c9e8d8a49b5503f52b275e3c',1,1.79599740805001115801e+09,1.79599746805001115801e+09,1.79599740807000684736e+09,'finished',0,0,NULL,'5fbfebc329924acc93198f1a615bca9ba7f5bb4a9f257df61850a8a7fe308f25');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'7b45d280c9e8d8a49b5503f52b275e3c',1,1.79599740805001115801e+09,1.79599746805001115801e+09,1.79599740807000684736e+09,'finished',0,0,NULL,'06942fb5a85d3213b060453887cf5792e109cda965d8c14bd14194669c6ba754');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'48da870a505c21713d8b6c93a69d6922',1,1.79599740807201862331e+09,1.79599746807201862339e+09,1.79599740810601568217e+09,'finished',0,0,NULL,'9802838d109492d8321c3eee5aa5d2d41709596e7b858c6a8590aec0e0375e70');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'48da870a505c21713d8b6c93a69d6922',1,1.79599740807201862331e+09,1.79599746807201862339e+09,1.79599740810601568217e+09,'finished',0,0,NULL,'075110ca50e16a9a47aac86eaa894644b5d9e53ea2b1e973b1133ebfd6d2e996');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'503904dab9801c097dbf5cd9cfc40d4a',1,1.79599740810899281503e+09,1.79599746810899281498e+09,1.79599740813301205636e+09,'finished',0,0,NULL,'6b918eca887cd7fd82f56b67477b4dbda5c7e21533c9da41b42ff50b681e2d32');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'503904dab9801c097dbf5cd9cfc40d4a',1,1.79599740810899281503e+09,1.79599746810899281498e+09,1.79599740813301205636e+09,'finished',0,0,NULL,'54c5266bc1b431886523d5a8d0f18c6817b87241b266cb0b8895e5fa9b597aad');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'e7b0ae01174743ac02033bacfccaa3cd',1,1.79599740813498353958e+09,1.79599746813498353957e+09,1.7959974081600084305e+09,'finished',0,0,NULL,'c058c23966620c25304044794a9c26a1e7d98efe845e614f589bb4d9c4ec900b');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'e7b0ae01174743ac02033bacfccaa3cd',1,1.79599740813498353958e+09,1.79599746813498353957e+09,1.7959974081600084305e+09,'finished',0,0,NULL,'10e29e99a22e8a03baaaa92da7b0684cd042623ae0c33b361faf72609bb4d685');
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'79926193464fbbf2d973c7b93ab134e7',1,1.79599740817598104479e+09,1.79599746817598104474e+09,1.79599740821798443792e+09,'finished',0,0,NULL,'b0e9d11856dcceefc656c7a7d85327406d4b514593df8dd6f79b1dc371413f87');
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'79926193464fbbf2d973c7b93ab134e7',1,1.79599740817598104479e+09,1.79599746817598104474e+09,1.79599740821798443792e+09,'finished',0,0,NULL,'18de0e71039aa34d2045d85252be3ae7accc1c3a03ac277dd16098a8ebf9ac2c');
INSERT INTO "hpsearch_attempts" VALUES(15,1,1,14,'70dfaaede36d2748e1a32f058471e2a1',1,1.79599740822699666022e+09,1.79599746822699666021e+09,1.79599740826199960703e+09,'finished',0,0,NULL,'e22fe7c9f3c3156aa167ee14d339f59ef0f3984f14800cb2e3ff4b924ea675cc');
INSERT INTO "hpsearch_attempts" VALUES(16,1,1,15,'70dfaaede36d2748e1a32f058471e2a1',1,1.79599740822699666022e+09,1.79599746822699666021e+09,1.79599740826199960703e+09,'finished',0,0,NULL,'0c740c816a19b1213496448cda7a438f6439ea6014518be9e6477869042636d5');
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
INSERT INTO "hpsearch_rounds" VALUES(1,0,'round 0','[0.0, 0.0]','[1.0, 1.0]','the declared ranges','{}');
INSERT INTO "hpsearch_rounds" VALUES(1,12,'round 1','[0.0, 0.0]','[1.0, 1.0]','top 5 of 9 results: nothing to narrow','{"lr": {"p": 0.552, "gap": 26.211702221209055, "below": 0.0, "above": 0.0}, "dropout": {"p": 0.848, "gap": 26.211702221209055, "below": 0.2, "above": 0.2}}');
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
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "2948fce9d426a1cdfb460208190808f46aa2f70094b9e1bcf09a12a22bd4a411", "study": {"attempts": 3, "confirm": {"ensemble": 0, "epochs": null, "refit": true, "seeds": 5, "top": 0}, "data": {"scaling": "zca", "source": "digits", "target": null, "test": 0.2, "train": 50, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 5, "dropout_kind": "standard", "epochs": 12, "hidden": [16], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "whitening", "parallelism": 4, "search": {"keep": 0.3333333333333333, "rounds": [12, 4], "rungs": [], "start": "random", "widen": 2}, "seed": 7, "space": [{"default": 0.001, "high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"default": 0.0, "high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 24}}','/data',24,4,16,1.79599740783500528337e+09,3,1,16,0,'run',NULL,NULL,NULL,0,NULL,0,0);
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
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','21409@2348299',21409,1.79599740795200324061e+09,1.79599740826300525659e+09,1.79599740826300525659e+09,'{"training": 0.2161762660034583, "database": 0.06922806900547585, "proposals": 0.014885891003359575, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "a147a847b676edda8b9e94213e06b7ec", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'whitening');
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
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,1,4,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,1,5,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,1,6,1.53203342618384391604e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,1,7,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,1,8,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,1,9,1.39275766016713098416e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,1,10,1.39275766016713098416e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,1,11,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,1,12,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,2,1,8.91364902506963791006e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,2,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,2,3,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,2,4,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,2,5,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,2,6,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,2,7,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,2,8,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,2,9,8.91364902506963791006e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,2,10,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,2,11,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,2,12,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,3,1,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,3,2,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,3,3,8.63509749303621176874e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,3,4,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,3,5,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,3,6,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,3,7,1.39275766016713098416e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,3,8,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,3,9,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,3,10,1.64345403899721437257e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,3,11,1.58774373259052914431e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,3,12,1.58774373259052914431e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,4,1,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,4,2,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,4,3,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,4,4,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,4,5,1.25348189415041777472e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,4,6,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,4,7,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,4,8,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,4,9,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,4,10,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,4,11,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,4,12,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,5,1,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,5,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,5,3,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(52,5,4,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(53,5,5,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(54,5,6,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(55,5,7,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(56,5,8,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(57,5,9,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(58,5,10,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(59,5,11,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(60,5,12,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(61,6,1,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(62,6,2,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(63,6,3,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(64,6,4,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(65,6,5,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(66,6,6,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(67,6,7,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(68,6,8,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(69,6,9,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(70,6,10,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(71,6,11,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(72,6,12,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(73,7,1,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(74,7,2,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(75,7,3,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(76,7,4,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(77,7,5,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(78,7,6,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(79,7,7,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(80,7,8,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(81,7,9,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(82,7,10,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(83,7,11,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(84,7,12,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(85,8,1,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(86,8,2,1.64345403899721437257e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(87,8,3,0.181058495821727,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(88,8,4,2.03342618384401124798e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(89,8,5,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(90,8,6,1.7548746518105848291e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(91,8,7,2.1448467966573817045e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(92,8,8,2.3119777158774373893e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(93,8,9,2.25626740947075216103e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(94,8,10,2.36768802228412261756e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(95,8,11,2.22841225626740940812e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(96,8,12,2.08913649025069647624e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(97,9,1,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(98,9,2,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(99,9,3,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(100,9,4,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(101,9,5,1.61559888579387189722e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(102,9,6,1.55988857938718666895e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(103,9,7,1.55988857938718666895e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(104,9,8,1.61559888579387189722e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(105,9,9,1.61559888579387189722e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(106,9,10,1.61559888579387189722e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(107,9,11,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(108,9,12,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(109,10,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(110,10,2,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(111,10,3,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(112,10,4,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(113,10,5,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(114,10,6,1.36490250696378823125e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(115,10,7,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(116,10,8,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(117,10,9,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(118,10,10,1.53203342618384391604e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(119,10,11,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(120,10,12,1.44846796657381621242e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(121,11,1,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(122,11,2,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(123,11,3,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(124,11,4,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(125,11,5,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(126,11,6,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(127,11,7,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(128,11,8,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(129,11,9,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(130,11,10,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(131,11,11,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(132,11,12,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(133,12,1,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(134,12,2,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(135,12,3,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(136,12,4,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(137,12,5,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(138,12,6,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(139,12,7,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(140,12,8,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(141,12,9,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(142,12,10,8.63509749303621176874e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(143,12,11,8.91364902506963791006e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(144,12,12,9.19220055710306405138e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(145,13,1,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(146,13,2,0.0947075208913649,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(147,13,3,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(148,13,4,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(149,13,5,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(150,13,6,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(151,13,7,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(152,13,8,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(153,13,9,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(154,13,10,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(155,13,11,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(156,13,12,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(157,14,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(158,14,2,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(159,14,3,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(160,14,4,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(161,14,5,1.25348189415041777472e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(162,14,6,1.22562674094707516059e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(163,14,7,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(164,14,8,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(165,14,9,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(166,14,10,1.28133704735376052763e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(167,14,11,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(168,14,12,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(169,15,1,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(170,15,2,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(171,15,3,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(172,15,4,6.96378830083565492081e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(173,15,5,6.96378830083565492081e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(174,15,6,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(175,15,7,7.24233983286908106213e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(176,15,8,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(177,15,9,7.52089136490250720346e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(178,15,10,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(179,15,11,8.35654596100278562742e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(180,15,12,0.0807799442896936,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(181,16,1,9.74930362116991633403e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(182,16,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(183,16,3,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(184,16,4,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(185,16,5,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(186,16,6,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(187,16,7,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(188,16,8,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(189,16,9,1.19777158774373254646e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(190,16,10,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(191,16,11,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(192,16,12,1.28133704735376052763e-01,'FINITE');
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
INSERT INTO "trial_params" VALUES(1,1,'lr',1.43846623423950128323e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'dropout',5.47551057767396431863e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(3,2,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(4,2,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(5,3,'lr',1.23750807189661367335e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,3,'dropout',3.04161196186832905041e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(7,4,'lr',1.14230562119289457551e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(8,4,'dropout',4.77239237567561536135e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(9,5,'lr',1.43309090401536453479e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,5,'dropout',4.20227577817553765715e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(11,6,'lr',2.56435779892305289531e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(12,6,'dropout',1.64156460974049067669e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(13,7,'lr',5.7262570288535853246e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(14,7,'dropout',3.6640414295078915785e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(15,8,'lr',4.41186852214195818211e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(16,8,'dropout',4.08857699953314779328e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(17,9,'lr',1.18983566916442337624e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(18,9,'dropout',3.26812677783681559962e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(19,10,'lr',4.58515726458805662063e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(20,10,'dropout',9.35739387507772413243e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(21,11,'lr',1.58931324202842564263e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,11,'dropout',3.53704134082349297418e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(23,12,'lr',7.38227238299196827052e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(24,12,'dropout',2.67977205813881791396e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(25,13,'lr',1.02544821113277335837e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,13,'dropout',4.23151305183634418582e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(27,14,'lr',1.79713064368512698276e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(28,14,'dropout',0.0805286411626534,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(29,15,'lr',1.5730779550932065449e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,15,'dropout',4.84346647767519622451e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(31,16,'lr',1.31793139811329645949e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(32,16,'dropout',4.5860132994858854305e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
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
INSERT INTO "trial_user_attributes" VALUES(13,13,'stage','"round 1"');
INSERT INTO "trial_user_attributes" VALUES(14,14,'stage','"round 1"');
INSERT INTO "trial_user_attributes" VALUES(15,15,'stage','"round 1"');
INSERT INTO "trial_user_attributes" VALUES(16,16,'stage','"round 1"');
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
INSERT INTO "trial_values" VALUES(1,1,0,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,0.0988857938718663,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,1.58774373259052914431e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,1.35097493036211713235e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,1.10027855153203346638e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,7.79944289693593334478e-02,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,1.08635097493036208993e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,2.15877437325905308096e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,1.46239554317548758888e-01,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,7.38161559888579343891e-02,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,0.0905292479108635,'FINITE');
INSERT INTO "trial_values" VALUES(13,13,0,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_values" VALUES(14,14,0,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_values" VALUES(15,15,0,8.21727019498607325065e-02,'FINITE');
INSERT INTO "trial_values" VALUES(16,16,0,1.29526462395543162653e-01,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-30 00:10:07.970993','2026-11-30 00:10:08.010019');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-30 00:10:07.970993','2026-11-30 00:10:08.010019');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-30 00:10:08.018991','2026-11-30 00:10:08.043010');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-30 00:10:08.018991','2026-11-30 00:10:08.043010');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-30 00:10:08.050011','2026-11-30 00:10:08.070007');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-30 00:10:08.050011','2026-11-30 00:10:08.070007');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-30 00:10:08.072019','2026-11-30 00:10:08.106016');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-30 00:10:08.072019','2026-11-30 00:10:08.106016');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-30 00:10:08.108993','2026-11-30 00:10:08.133012');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-30 00:10:08.108993','2026-11-30 00:10:08.133012');
INSERT INTO "trials" VALUES(11,10,1,'COMPLETE','2026-11-30 00:10:08.134984','2026-11-30 00:10:08.160008');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-30 00:10:08.134984','2026-11-30 00:10:08.160008');
INSERT INTO "trials" VALUES(13,12,1,'COMPLETE','2026-11-30 00:10:08.175981','2026-11-30 00:10:08.217984');
INSERT INTO "trials" VALUES(14,13,1,'COMPLETE','2026-11-30 00:10:08.175981','2026-11-30 00:10:08.217984');
INSERT INTO "trials" VALUES(15,14,1,'COMPLETE','2026-11-30 00:10:08.226997','2026-11-30 00:10:08.262000');
INSERT INTO "trials" VALUES(16,15,1,'COMPLETE','2026-11-30 00:10:08.226997','2026-11-30 00:10:08.262000');
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
