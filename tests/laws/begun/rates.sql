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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'af8ca85ff44fa0ba7e0d23259376b7b9',1,1.79599739621901512143e+09,1.7959974562190151215e+09,1.79599739626898479457e+09,'finished',0,0,NULL,'677bf4dc4f4bb01a256259761f2ba41a552a09022266a331363d4f7320448c55');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'af8ca85ff44fa0ba7e0d23259376b7b9',1,1.79599739621901512143e+09,1.7959974562190151215e+09,1.79599739626898479457e+09,'finished',0,0,NULL,'369189d7e9dcd315b97115d28608a0a9e64b08b59d30e632a30dfab2831dc96d');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'5028d7bd6a596f5be28deba365291659',1,1.7959973962849974632e+09,1.79599745628499746327e+09,1.79599739634200787543e+09,'finished',0,0,NULL,'14e47f25870ff7ee3b6e501671f6cba67886c8de479b42ad22a305437974e3e3');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'5028d7bd6a596f5be28deba365291659',1,1.7959973962849974632e+09,1.79599745628499746327e+09,1.79599739634200787543e+09,'finished',0,0,NULL,'3876012e1afaa917b832badc7b8930c8c0da17f7fcb9b4d02ab0493a84ef4459');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'83c6685f40870566ffc2afbd7e23f924',1,1.79599739635001420974e+09,1.79599745635001420973e+09,1.79599739639998388289e+09,'finished',0,0,NULL,'6355898e6d604bb328b92b947f30d931b73dd9ed86f552b79bb28950a172ab25');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'83c6685f40870566ffc2afbd7e23f924',1,1.79599739635001420974e+09,1.79599745635001420973e+09,1.79599739639998388289e+09,'finished',0,0,NULL,'f0c24d65b472413390278635323aa461316ad093d0191717bc59ae4732b8a3cf');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'a2e383b4e33eaf63b2b2956510dde7ec',1,1.79599739640400695803e+09,1.79599745640400695802e+09,1.79599739643800401693e+09,'finished',0,0,NULL,'d0b39709e71b54e49b0dde40f7347ff2c494657349dc5f87f0b07ab3a16e304e');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'a2e383b4e33eaf63b2b2956510dde7ec',1,1.79599739640400695803e+09,1.79599745640400695802e+09,1.79599739643800401693e+09,'finished',0,0,NULL,'8f6b7fa8665875205a1a99a87dbb996ba4e8998004f2f32cd2e717968b668a34');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'7119274733f55050334d058679b2956b',1,1.79599739644098138806e+09,1.79599745644098138805e+09,1.79599739645099925992e+09,'finished',0,0,NULL,'9d788cc647d18a73d069dfe83aeb443b3003d1f9698f743af53e1a9ddb942f99');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'7119274733f55050334d058679b2956b',1,1.79599739644098138806e+09,1.79599745644098138805e+09,1.79599739645099925992e+09,'finished',0,0,NULL,'f912bab28727da0499b84993ac9430cbbdbcd0459b824008074441cd530215a8');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'919093acbc85334609e6ff7e9e831ba2',1,1.79599739645699405668e+09,1.79599745645699405667e+09,1.79599739648399066922e+09,'finished',0,0,NULL,'722d5f096e1f0fe79a79d9a9b242f1fd39bbb0022809fa8c5ee45fb4edf45f03');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'919093acbc85334609e6ff7e9e831ba2',1,1.79599739645699405668e+09,1.79599745645699405667e+09,1.79599739648399066922e+09,'finished',0,0,NULL,'89bd7cc2138b2dc1847587840c615e38f008c08720aa6460eb59385d9d3a18e2');
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
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "544b29925660df48109ca67576d81a760d8e101438d01bdca481b277c9d1f530", "study": {"attempts": 3, "confirm": {"ensemble": 0, "epochs": null, "refit": true, "seeds": 5, "top": 0}, "data": {"scaling": "auto", "source": "wine", "target": null, "test": 0.2, "train": null, "validation": 0.2}, "model": {"batch_size": 8, "dropout": 0.0, "dropout_kind": "standard", "epochs": 12, "hidden": [16], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adagrad", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "rates", "parallelism": 4, "search": {"keep": 0.3333333333333333, "rounds": [12, 4], "rungs": [], "start": "random", "widen": 2}, "seed": 5, "space": [{"default": 0.001, "high": 10.0, "log": true, "low": 0.01, "name": "lr", "widen": 2}, {"choices": ["relu", "prelu", "tanh"], "default": "relu", "name": "activation"}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 24}}','/data',24,4,12,1.79599739603599452969e+09,3,1,12,0,'run',NULL,NULL,NULL,0,NULL,0,0);
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
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','21369@2347121',21369,1.79599739618401241301e+09,1.79599739648600220673e+09,1.79599739648600220673e+09,'{"training": 0.19640077199801453, "database": 0.07770739301849972, "proposals": 0.008630606997030554, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "a147a847b676edda8b9e94213e06b7ec", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'rates');
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
INSERT INTO "trial_intermediate_values" VALUES(1,3,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,3,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,3,3,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,3,4,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,3,5,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,3,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,3,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,3,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,3,10,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,3,11,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,3,12,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,4,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,4,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,4,3,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,4,4,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,4,5,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,4,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,4,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,4,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,4,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,4,10,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,4,11,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,4,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,5,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,5,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,5,3,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,5,4,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,5,5,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,5,6,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,5,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,5,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,5,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,5,10,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,5,11,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,5,12,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,6,1,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,6,2,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,6,3,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,6,4,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,6,5,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,6,6,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,6,7,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,6,8,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,6,9,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,6,10,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,6,11,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,6,12,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,7,1,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,7,2,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,7,3,6.94444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(52,7,4,8.05555555555555580227e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(53,7,5,8.61111111111111160454e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(54,7,6,8.88888888888888839545e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(55,7,7,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(56,7,8,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(57,7,9,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(58,7,10,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(59,7,11,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(60,7,12,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(61,12,1,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(62,12,2,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(63,12,3,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(64,12,4,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(65,12,5,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(66,12,6,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(67,12,7,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(68,12,8,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(69,12,9,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(70,12,10,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(71,12,11,1.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(72,12,12,1.0,'FINITE');
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
INSERT INTO "trial_params" VALUES(1,1,'lr',7.24687704829533352324e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(3,2,'lr',9.76357009672216769047e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(4,2,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(5,3,'lr',7.4274664312491212037e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,3,'activation',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(7,4,'lr',1.31821869489958193311e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(8,4,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(9,5,'lr',1.44069339378462862866e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,5,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(11,6,'lr',1.82375304042034891427e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(12,6,'activation',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(13,7,'lr',1.1227922218588027442e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(14,7,'activation',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(15,8,'lr',1.94580467172942639386e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(16,8,'activation',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(17,9,'lr',2.73390686999588750083e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(18,9,'activation',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(19,10,'lr',2.35543832992629598166e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(20,10,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(21,11,'lr',3.09962705339900068679e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,11,'activation',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
INSERT INTO "trial_params" VALUES(23,12,'lr',8.46946367475009065373e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 1000.0, "log": true}}');
INSERT INTO "trial_params" VALUES(24,12,'activation',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "prelu", "tanh"]}}');
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
INSERT INTO "trial_user_attributes" VALUES(3,1,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(4,2,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(5,3,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(6,4,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(7,5,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(8,6,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(9,7,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(10,8,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(11,8,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(12,9,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(13,10,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(14,9,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(15,10,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(16,11,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(17,12,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(18,11,'reason','"diverged after 0 whole epochs"');
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
INSERT INTO "trial_values" VALUES(1,1,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,9.58333333333333259318e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,9.72222222222222209886e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,9.44444444444444419772e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,1.0,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'PRUNED','2026-11-30 00:09:56.219015','2026-11-30 00:09:56.268985');
INSERT INTO "trials" VALUES(2,1,1,'PRUNED','2026-11-30 00:09:56.219015','2026-11-30 00:09:56.268985');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-30 00:09:56.284997','2026-11-30 00:09:56.342008');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-30 00:09:56.284997','2026-11-30 00:09:56.342008');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-30 00:09:56.350014','2026-11-30 00:09:56.399984');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-30 00:09:56.350014','2026-11-30 00:09:56.399984');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-30 00:09:56.404007','2026-11-30 00:09:56.438004');
INSERT INTO "trials" VALUES(8,7,1,'PRUNED','2026-11-30 00:09:56.404007','2026-11-30 00:09:56.438004');
INSERT INTO "trials" VALUES(9,8,1,'PRUNED','2026-11-30 00:09:56.440981','2026-11-30 00:09:56.450999');
INSERT INTO "trials" VALUES(10,9,1,'PRUNED','2026-11-30 00:09:56.440981','2026-11-30 00:09:56.450999');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-30 00:09:56.456994','2026-11-30 00:09:56.483991');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-30 00:09:56.456994','2026-11-30 00:09:56.483991');
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
