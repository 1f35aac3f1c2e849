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
INSERT INTO "hpsearch_alembic_version" VALUES('0008');
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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'353ef9f1d7862eb6ab0914d97fe68862',1,1.7959799042049810887e+09,1.79597996420498108864e+09,1.79597990430998945233e+09,'finished',0,1,NULL,'9950c31c1b05717221e01bc3b135a0d2e0e1ef1d8655e95ac3315b1fcbfdc144');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'c4e2ff8c4e832ba66ae4aa8e87b31255',1,1.79597990436800575252e+09,1.79597996436800575251e+09,1.79597990440699148179e+09,'finished',0,1,NULL,'8f17a3e9f1abf710df14aee9516a73a9758c975e13388e08a3c3e9cb4678f4a9');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'d550107347e82203cf6feea3c483dc46',1,1.79597990442698740957e+09,1.79597996442698740965e+09,1.79597990445800733566e+09,'finished',0,1,NULL,'9d5a4a18593076edb2df23479f2479a616550f71635eb3753927ba829dfce520');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'a2879580b6dc71dd04d496d61ad4708d',1,1.79597990446001887316e+09,1.79597996446001887324e+09,1.79597990455798649789e+09,'finished',0,1,NULL,'1dbcacc6322a1db951dc6fb18876de580ea00bdd0b92e581e89f6d633cbbf279');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'3d6a024b8816cfffb93a0a9d91e35d46',1,1.79597990455999827379e+09,1.79597996455999827387e+09,1.79597990460300731656e+09,'finished',0,1,NULL,'6520d5ddb167461a34cd6d5fb5e33b12ce98694ab942c84db4da672a3abd7d4b');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'c735ee28c433543533b79b0df545b50f',1,1.79597990460501909259e+09,1.79597996460501909254e+09,1.79597990466198921205e+09,'finished',0,1,NULL,'07b8ca98422bb94214154608c225bf585250db76b70a1b9964c69ea6aadbf2fe');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'8a4715282ab8b185d0a309a80f94a23a',1,1.79597990466400098804e+09,1.79597996466400098799e+09,1.79597990472398853301e+09,'finished',0,1,NULL,'b170a4e40a3cd9c9cc6526d5cf79e1b1b434e4c061132f32ab8a0b553c52321d');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'35c6f071621c17804c15211ef4e1c831',1,1.79597990473501229282e+09,1.7959799647350122929e+09,1.79597990476599192618e+09,'finished',0,1,NULL,'f9ad523c5bd8a6526a50fb88cfd62cafedf9d273c3cc2b75e4e494a1a8efc92b');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'e92cbba466e5c874ca252a1d7d5310b8',1,1.7959799047879993916e+09,1.79597996478799939155e+09,1.79597990481600165366e+09,'finished',0,1,NULL,'c6d5c771d91cf39f2d12582a8613b6a43165ac4eb9373fea0c362da4270a1ecf');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'b88489a6ed8c1edfb26951c53487003c',1,1.79597990484299802776e+09,1.79597996484299802784e+09,1.79597990486399984363e+09,'finished',0,1,NULL,'2e4f232c252c695e5073d8df649ec1b81e1e3cfcef7e1b23de86f3cf90f55607');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'94cd31937d8c9c8e480c781d79dc1b8f',1,1.79597990487401771545e+09,1.79597996487401771539e+09,1795979904.90202,'finished',0,1,NULL,'be2cecead4d751948d1767c6fd78160e55f4706112bd3e130120d712193756d5');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'3bc840a10491b69fbfa2115b330eafd1',1,1.79597990490399146085e+09,1.7959799649039914608e+09,1.79597990492599916454e+09,'finished',0,1,NULL,'79783b5c498171c61e7e7000923822722bba5d893bb57468aabe9b91430a55f7');
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'75307a1761b24dc65f1b6fb5ff678ba9',1,1.79597990595101857187e+09,1.79597996595101857186e+09,1.79597990598501563077e+09,'finished',0,1,NULL,'c3a5bcda7c639fc4c00ea70f755df65bb4ed48fab8a1c6eeba0b2573ee9a93ef');
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'2e76996763c3fe165c4ac668b6bccb35',1,1.79597990598899865145e+09,1.79597996598899865153e+09,1.79597990603900861737e+09,'finished',0,1,NULL,'1a2242fea6367c4269cf22a860519a303abd6d6a66d4a2cb8073cab400e19569');
INSERT INTO "hpsearch_attempts" VALUES(15,1,2,0,'05a685182e00d591ce3860b5d022fb88',2,1.79597990612301540371e+09,1.79597996612301540378e+09,1.79597990616598415379e+09,'finished',0,0,NULL,'424e9986d4b66d2f911ebf07907843bbcdb1acad138988ec19d39f0bec296fc3');
INSERT INTO "hpsearch_attempts" VALUES(16,1,2,1,'05a685182e00d591ce3860b5d022fb88',2,1.79597990612301540371e+09,1.79597996612301540378e+09,1.79597990616598415379e+09,'finished',0,0,NULL,'e3b9d6446b431c7456c9a54c1fd89c367dda65bc250aec084b0c508796d092c9');
INSERT INTO "hpsearch_attempts" VALUES(17,1,2,2,'8c47955f2ecf5d6e87b3d6a1bb63615b',2,1.79597990616900181773e+09,1.79597996616900181768e+09,1.79597990620299863815e+09,'finished',0,0,NULL,'451122b10ea19029e917d871fc46415ab5e0f0de6a808cebf84b571f27b3b1f3');
INSERT INTO "hpsearch_attempts" VALUES(18,1,2,3,'8c47955f2ecf5d6e87b3d6a1bb63615b',2,1.79597990616900181773e+09,1.79597996616900181768e+09,1.79597990620299863815e+09,'finished',0,0,NULL,'7c413e9ad52388d2eee5ea3cc3894fb88bde2de571a87048615fd999b21856f7');
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
CREATE TABLE hpsearch_interventions (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	settings JSON NOT NULL, 
	reason TEXT NOT NULL, 
	scripted INTEGER, 
	made_at FLOAT NOT NULL, 
	PRIMARY KEY (study_id, number, sequence)
);
CREATE TABLE hpsearch_nursed_epochs (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	loss FLOAT, 
	value FLOAT, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (study_id, number, part, epoch)
);
CREATE TABLE hpsearch_nursings (
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	trial INTEGER, 
	parent INTEGER, 
	branched INTEGER, 
	first_epoch INTEGER NOT NULL, 
	epochs INTEGER NOT NULL, 
	script JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	created_at FLOAT NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	host VARCHAR(256) NOT NULL, 
	process VARCHAR(128) NOT NULL, 
	PRIMARY KEY (study_id, number)
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
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "c400461cc447dc8271964146b9668818a79e7f6abc730aa241da7cb5a91093c8", "study": {"attempts": 3, "confirm": {"ensemble": 2, "epochs": 4, "refit": true, "seeds": 2, "top": 1}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 200, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 64, "dropout_kind": "standard", "epochs": 3, "hidden": [8], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "small", "parallelism": 3, "search": {"keep": 0.3333333333333333, "rounds": [12], "rungs": [1], "start": "random", "widen": 2}, "seed": 7, "space": [{"default": 0.001, "high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"default": 0.0, "high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 14}}','/data',14,3,14,1.79597990342799878121e+09,3,1,14,0,'run',NULL,NULL,NULL,0,NULL,0,0);
INSERT INTO "hpsearch_studies" VALUES(2,'{"confirms": "dcf9880e5dedec6986df0c368351b5942fc08c67b89507abde900a975fd92774", "default": {"dropout": 0.0, "lr": 0.001}, "finalists": [1], "rule": "race 1"}','/data',4,4,4,1.79597990608901834485e+09,3,1,18,0,'run',NULL,NULL,NULL,0,NULL,0,0);
CREATE TABLE hpsearch_trainings (
	study_id INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	worker_id INTEGER, 
	lease_until FLOAT NOT NULL, 
	ended_at FLOAT, 
	data BLOB, 
	PRIMARY KEY (study_id, "key")
);
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
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','14610@597867',14610,1.79597990408798313145e+09,1.79597990604701495168e+09,1.79597990604701495168e+09,'{"training": 0.4550613119990885, "database": 0.3480932010015749, "proposals": 1.1235875619977378, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "88e4434db5190ac5ac02084f6f558e07", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
INSERT INTO "hpsearch_workers" VALUES(2,2,'vm/0/0','14610@597867',14610,1.79597990611798620226e+09,1.7959799062040045261e+09,1.7959799062040045261e+09,'{"training": 0.05357856599948718, "database": 0.027396882999710215, "proposals": 0.0011760350007534726, "idle": 0.0}','{"hpsearch": "0.1.0", "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "88e4434db5190ac5ac02084f6f558e07", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v857 x86_64", "cores": 2}');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'small');
INSERT INTO "studies" VALUES(2,'small.confirm');
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
INSERT INTO "study_directions" VALUES(2,'MAXIMIZE',2,0);
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
INSERT INTO "study_system_attributes" VALUES(2,2,'study:metric_names','["validation accuracy"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'result','{"default": false, "default_mean": 0.1136352229666993, "ensemble": 6, "ensemble_test_accuracy": 0.7910863509749304, "interval": [0.0, 0.7704325640192073], "mean": 0.25266004165725614, "number": 1, "params": {"dropout": 0.06951304690923488, "lr": 0.028589315513663338}, "refit": true, "seeds": 2, "test_accuracy": 0.7771587743732591, "tied": ["default"], "value": 0.39275766016713093}');
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
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,1.69916434540389960083e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,2,1,2.67409470752089151179e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,2,2,2.92479108635097517776e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,2,3,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,3,1,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,3,2,2.53481894150417830235e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,3,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,4,1,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,4,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,4,3,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,5,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,5,2,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,5,3,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,6,1,2.39554317548746509292e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,6,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,6,3,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,7,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,7,2,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,7,3,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,8,1,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,8,2,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,8,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,9,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,9,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,9,3,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,10,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,10,2,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,10,3,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,11,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,12,1,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,14,1,1.30919220055710300298e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,14,2,2.17270194986072417986e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,14,3,2.89693593314763242485e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,15,1,2.08913649025069647624e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,15,2,1.86629526462395556318e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,15,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,15,4,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,16,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,16,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,16,3,1.11420612813370470406e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,16,4,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(44,17,1,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(45,17,2,2.36768802228412261756e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(46,17,3,2.00557103064066849507e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(47,17,4,3.00835654596100288138e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(48,18,1,6.12813370473537580296e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(49,18,2,6.12813370473537580296e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(50,18,3,6.68523676880222877949e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(51,18,4,7.79944289693593334478e-02,'FINITE');
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
INSERT INTO "trial_params" VALUES(25,13,'lr',1.3233488514479121445e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,13,'dropout',1.49335858993399211991e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(27,14,'lr',2.07490309503635644849e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(28,14,'dropout',2.48904984773789861307e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(29,15,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,15,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(31,16,'lr',0.001,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(32,16,'dropout',0.0,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(33,17,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(34,17,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(35,18,'lr',0.001,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(36,18,'dropout',0.0,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
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
INSERT INTO "trial_user_attributes" VALUES(12,11,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(13,12,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(14,12,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(15,13,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(16,13,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(17,14,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(18,15,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(19,16,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(20,17,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(21,18,'stage','"confirm"');
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
INSERT INTO "trial_values" VALUES(1,1,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_values" VALUES(13,13,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(14,14,0,2.89693593314763242485e-01,'FINITE');
INSERT INTO "trial_values" VALUES(15,15,0,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_values" VALUES(16,16,0,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_values" VALUES(17,17,0,3.00835654596100288138e-01,'FINITE');
INSERT INTO "trial_values" VALUES(18,18,0,7.79944289693593334478e-02,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-29 19:18:24.204981','2026-11-29 19:18:24.309989');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-29 19:18:24.368006','2026-11-29 19:18:24.406991');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-29 19:18:24.426987','2026-11-29 19:18:24.458007');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-29 19:18:24.460019','2026-11-29 19:18:24.557986');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-29 19:18:24.559998','2026-11-29 19:18:24.603007');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-29 19:18:24.605019','2026-11-29 19:18:24.661989');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-29 19:18:24.664001','2026-11-29 19:18:24.723989');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-29 19:18:24.735012','2026-11-29 19:18:24.765992');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-29 19:18:24.787999','2026-11-29 19:18:24.816002');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-29 19:18:24.842998','2026-11-29 19:18:24.864000');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-29 19:18:24.874018','2026-11-29 19:18:24.902020');
INSERT INTO "trials" VALUES(12,11,1,'PRUNED','2026-11-29 19:18:24.903991','2026-11-29 19:18:24.925999');
INSERT INTO "trials" VALUES(13,12,1,'PRUNED','2026-11-29 19:18:25.951019','2026-11-29 19:18:25.985016');
INSERT INTO "trials" VALUES(14,13,1,'COMPLETE','2026-11-29 19:18:25.988999','2026-11-29 19:18:26.039009');
INSERT INTO "trials" VALUES(15,0,2,'COMPLETE','2026-11-29 19:18:26.123015','2026-11-29 19:18:26.165984');
INSERT INTO "trials" VALUES(16,1,2,'COMPLETE','2026-11-29 19:18:26.123015','2026-11-29 19:18:26.165984');
INSERT INTO "trials" VALUES(17,2,2,'COMPLETE','2026-11-29 19:18:26.169002','2026-11-29 19:18:26.202999');
INSERT INTO "trials" VALUES(18,3,2,'COMPLETE','2026-11-29 19:18:26.169002','2026-11-29 19:18:26.202999');
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
