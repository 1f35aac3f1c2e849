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
INSERT INTO "hpsearch_alembic_version" VALUES('0005');
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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'1430ff0575818e7654f22db8b5a1c9ef',1,1.79531973941499900819e+09,1.79531979941499900818e+09,1.79531973943000578881e+09,'finished',0,1,NULL,'9950c31c1b05717221e01bc3b135a0d2e0e1ef1d8655e95ac3315b1fcbfdc144');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'af897a941fbcf90a429a23f28fd472e4',1,1795319739.46698,1795319799.46698,1.79531973947100353247e+09,'finished',0,1,NULL,'8f17a3e9f1abf710df14aee9516a73a9758c975e13388e08a3c3e9cb4678f4a9');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'6c4d7b0f347ea6e8b8840dc79a799577',1,1.7953197394739806652e+09,1.79531979947398066515e+09,1.79531973948001575473e+09,'finished',0,1,NULL,'9d5a4a18593076edb2df23479f2479a616550f71635eb3753927ba829dfce520');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'6260313753e1ef230e021abacbe5640a',1,1.79531973948198699951e+09,1.79531979948198699946e+09,1.79531973951401257515e+09,'finished',0,1,NULL,'1dbcacc6322a1db951dc6fb18876de580ea00bdd0b92e581e89f6d633cbbf279');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'ff724fc54cb7d841591cc3da65333365',1,1.79531973951598405837e+09,1.79531979951598405836e+09,1.79531973952901959422e+09,'finished',0,1,NULL,'6520d5ddb167461a34cd6d5fb5e33b12ce98694ab942c84db4da672a3abd7d4b');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'41228124e233c648f3de8747dfdb647c',1,1.79531973953099107743e+09,1.79531979953099107743e+09,1.79531973953501439089e+09,'finished',0,1,NULL,'07b8ca98422bb94214154608c225bf585250db76b70a1b9964c69ea6aadbf2fe');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'d72fa4dac0fff5c44cf44de2b711e174',1,1.79531973953799152375e+09,1.79531979953799152374e+09,1.79531973954398632042e+09,'finished',0,1,NULL,'b170a4e40a3cd9c9cc6526d5cf79e1b1b434e4c061132f32ab8a0b553c52321d');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'dda521e89c6c4ccec2e9f8d2200d8a6a',1,1.79531973954700374606e+09,1.79531979954700374605e+09,1.79531973955299854273e+09,'finished',0,1,NULL,'f9ad523c5bd8a6526a50fb88cfd62cafedf9d273c3cc2b75e4e494a1a8efc92b');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'850a6ae6e6b9ff6f656474626d909ed3',1,1.7953197395550103188e+09,1.79531979955501031875e+09,1.7953197395669996738e+09,'finished',0,1,NULL,'c6d5c771d91cf39f2d12582a8613b6a43165ac4eb9373fea0c362da4270a1ecf');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'f70be9f7ca6eb67fb2f53a20887b0457',1,1.79531973957001709935e+09,1.79531979957001709942e+09,1.79531973957898902897e+09,'finished',0,1,NULL,'2e4f232c252c695e5073d8df649ec1b81e1e3cfcef7e1b23de86f3cf90f55607');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'f0995d7d0ca7e8dd7bdcf9306cc7a387',1,1.79531973958100080491e+09,1.79531979958100080486e+09,1.79531973967800283428e+09,'finished',0,1,NULL,'be2cecead4d751948d1767c6fd78160e55f4706112bd3e130120d712193756d5');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'ce08264418059967ee9e2a2916d0a7cf',1,1.79531973968098020554e+09,1.79531979968098020549e+09,1.79531973975400328639e+09,'finished',0,1,NULL,'79783b5c498171c61e7e7000923822722bba5d893bb57468aabe9b91430a55f7');
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'98faec97c2d31b9a074d9c102294acc5',1,1.79531973991698765753e+09,1.79531979991698765761e+09,1.79531973992201685907e+09,'finished',0,1,NULL,'c3a5bcda7c639fc4c00ea70f755df65bb4ed48fab8a1c6eeba0b2573ee9a93ef');
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'752dee64e18ea5da70bf4e0a2ecc19ff',1,1.79531973993300056455e+09,1.7953197999330005645e+09,1.79531973993798947336e+09,'finished',0,1,NULL,'1a2242fea6367c4269cf22a860519a303abd6d6a66d4a2cb8073cab400e19569');
INSERT INTO "hpsearch_attempts" VALUES(15,1,2,0,'6d2b5d001f8b968eb7a380263914d1ed',2,1.79531973995098471635e+09,1.79531979995098471642e+09,1.79531973996599173541e+09,'finished',0,0,NULL,'424e9986d4b66d2f911ebf07907843bbcdb1acad138988ec19d39f0bec296fc3');
INSERT INTO "hpsearch_attempts" VALUES(16,1,2,1,'6d2b5d001f8b968eb7a380263914d1ed',2,1.79531973995098471635e+09,1.79531979995098471642e+09,1.79531973996599173541e+09,'finished',0,0,NULL,'e3b9d6446b431c7456c9a54c1fd89c367dda65bc250aec084b0c508796d092c9');
INSERT INTO "hpsearch_attempts" VALUES(17,1,2,2,'cce193c680cb35639aac56aadfb67524',2,1.79531973997001504904e+09,1.79531979997001504899e+09,1.79531973997600984571e+09,'finished',0,0,NULL,'451122b10ea19029e917d871fc46415ab5e0f0de6a808cebf84b571f27b3b1f3');
INSERT INTO "hpsearch_attempts" VALUES(18,1,2,3,'cce193c680cb35639aac56aadfb67524',2,1.79531973997001504904e+09,1.79531979997001504899e+09,1.79531973997600984571e+09,'finished',0,0,NULL,'7c413e9ad52388d2eee5ea3cc3894fb88bde2de571a87048615fd999b21856f7');
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
	created_at FLOAT NOT NULL, attempts INTEGER DEFAULT '3' NOT NULL, search_id INTEGER DEFAULT '0' NOT NULL, newest_trial_id INTEGER DEFAULT '0' NOT NULL, reopened INTEGER DEFAULT '0' NOT NULL, control VARCHAR(8) DEFAULT 'run' NOT NULL, stop_number INTEGER, stop_rule VARCHAR(16), stop_text TEXT, changes INTEGER DEFAULT '0' NOT NULL, artifacts TEXT, strict BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "c400461cc447dc8271964146b9668818a79e7f6abc730aa241da7cb5a91093c8", "study": {"attempts": 3, "confirm": {"ensemble": 2, "epochs": 4, "refit": true, "seeds": 2, "top": 1}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 200, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 64, "dropout_kind": "standard", "epochs": 3, "hidden": [8], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "small", "parallelism": 3, "search": {"keep": 0.3333333333333333, "rounds": [12], "rungs": [1], "start": "random", "widen": 2}, "seed": 7, "space": [{"default": 0.001, "high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"default": 0.0, "high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 14}}','/data',14,3,14,1.79531973906698226928e+09,3,1,14,0,'run',NULL,NULL,NULL,0,NULL,0);
INSERT INTO "hpsearch_studies" VALUES(2,'{"confirms": "dcf9880e5dedec6986df0c368351b5942fc08c67b89507abde900a975fd92774", "default": {"dropout": 0.0, "lr": 0.001}, "finalists": [1], "rule": "race 1"}','/data',4,4,4,1.79531973994800758361e+09,3,1,18,0,'run',NULL,NULL,NULL,0,NULL,0);
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
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','29403@6141332',29403,1.79531973939701461795e+09,1.79531973993899536135e+09,1.79531973993899536135e+09,'{"training": 0.24364583098940784, "database": 0.10129033798875753, "proposals": 0.18985899398830952, "idle": 0.0}','{"hpsearch": null, "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "6bc34c53220a89963fb696972cfa9692", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v669 x86_64", "cores": 2}');
INSERT INTO "hpsearch_workers" VALUES(2,2,'vm/0/0','29403@6141332',29403,1.79531973994901323317e+09,1.79531973997798109058e+09,1.79531973997798109058e+09,'{"training": 0.012825471996620763, "database": 0.01303715600806754, "proposals": 0.0016345439944416285, "idle": 0.0}','{"hpsearch": null, "numpy": "2.4.6", "scipy": "1.17.1", "optuna": "5.0.0", "sqlalchemy": "2.1.9", "code": "6bc34c53220a89963fb696972cfa9692", "python": "3.11.7", "blas": "scipy-openblas 0.3.31.188.0", "blas_core": "SkylakeX", "simd": "X86_V3 X86_V4 AVX512_ICL", "blas_threads": "1", "machine": "x86_64", "libc": "glibc 2.36", "platform": "Linux 6.18.44-fc-v669 x86_64", "cores": 2}');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-22 03:55:39.414999','2026-11-22 03:55:39.430006');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-22 03:55:39.466980','2026-11-22 03:55:39.471004');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-22 03:55:39.473981','2026-11-22 03:55:39.480016');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-22 03:55:39.481987','2026-11-22 03:55:39.514013');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-22 03:55:39.515984','2026-11-22 03:55:39.529020');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-22 03:55:39.530991','2026-11-22 03:55:39.535014');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-22 03:55:39.537992','2026-11-22 03:55:39.543986');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-22 03:55:39.547004','2026-11-22 03:55:39.552999');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-22 03:55:39.555010','2026-11-22 03:55:39.567000');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-22 03:55:39.570017','2026-11-22 03:55:39.578989');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-22 03:55:39.581001','2026-11-22 03:55:39.678003');
INSERT INTO "trials" VALUES(12,11,1,'PRUNED','2026-11-22 03:55:39.680980','2026-11-22 03:55:39.754003');
INSERT INTO "trials" VALUES(13,12,1,'PRUNED','2026-11-22 03:55:39.916988','2026-11-22 03:55:39.922017');
INSERT INTO "trials" VALUES(14,13,1,'COMPLETE','2026-11-22 03:55:39.933001','2026-11-22 03:55:39.937989');
INSERT INTO "trials" VALUES(15,0,2,'COMPLETE','2026-11-22 03:55:39.950985','2026-11-22 03:55:39.965992');
INSERT INTO "trials" VALUES(16,1,2,'COMPLETE','2026-11-22 03:55:39.950985','2026-11-22 03:55:39.965992');
INSERT INTO "trials" VALUES(17,2,2,'COMPLETE','2026-11-22 03:55:39.970015','2026-11-22 03:55:39.976010');
INSERT INTO "trials" VALUES(18,3,2,'COMPLETE','2026-11-22 03:55:39.970015','2026-11-22 03:55:39.976010');
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
