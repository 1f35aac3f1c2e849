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
INSERT INTO "hpsearch_alembic_version" VALUES('0003');
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
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'3f5e197a115ab1f80ee15bb9a03be448',1,1.79529332586198902134e+09,1.79529338586198902128e+09,1.79529332587401866914e+09,'finished',0,1,NULL,'9950c31c1b05717221e01bc3b135a0d2e0e1ef1d8655e95ac3315b1fcbfdc144');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'7f98373f79ac207b2d8598fb3830cfdc',1,1.79529332588399648663e+09,1.79529338588399648671e+09,1.79529332589200282094e+09,'finished',0,1,NULL,'8f17a3e9f1abf710df14aee9516a73a9758c975e13388e08a3c3e9cb4678f4a9');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'2111af0db3654a62d3cd9a15fa9c92c8',1,1.79529332589401459689e+09,1.79529338589401459697e+09,1.7952933259010150432e+09,'finished',0,1,NULL,'9d5a4a18593076edb2df23479f2479a616550f71635eb3753927ba829dfce520');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'bcb37251b4dc8f9952bab893fb98d579',1,1.79529332590298652651e+09,1.7952933859029865265e+09,1.79529332591199874882e+09,'finished',0,1,NULL,'1dbcacc6322a1db951dc6fb18876de580ea00bdd0b92e581e89f6d633cbbf279');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'5618d9201b3709f99559534e8c40fc7a',1,1.79529332591401052476e+09,1.79529338591401052471e+09,1.79529332591799354549e+09,'finished',0,1,NULL,'6520d5ddb167461a34cd6d5fb5e33b12ce98694ab942c84db4da672a3abd7d4b');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'da36630d2d784d319a26a55917718fde',1,1.79529332592000508313e+09,1.79529338592000508312e+09,1.79529332592700576779e+09,'finished',0,1,NULL,'07b8ca98422bb94214154608c225bf585250db76b70a1b9964c69ea6aadbf2fe');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'7d6ed834f2f7d3e991bdc6543117084d',1,1.79529332592901730543e+09,1.79529338592901730538e+09,1.79529332593300056455e+09,'finished',0,1,NULL,'b170a4e40a3cd9c9cc6526d5cf79e1b1b434e4c061132f32ab8a0b553c52321d');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'c42c21532f0ecc10cb53be430691fa6c',1,1.79529332593501210211e+09,1.79529338593501210218e+09,1.79529332593899512292e+09,'finished',0,1,NULL,'f9ad523c5bd8a6526a50fb88cfd62cafedf9d273c3cc2b75e4e494a1a8efc92b');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'5ce8b6735d092caac7b95b3353e82b03',1,1.79529332594100689887e+09,1.79529338594100689886e+09,1.79529332594398403164e+09,'finished',0,1,NULL,'c6d5c771d91cf39f2d12582a8613b6a43165ac4eb9373fea0c362da4270a1ecf');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'e5852b45e300c09ad1fba33dae4aa889',1,1.79529332594599580767e+09,1.79529338594599580762e+09,1.79529332595001912117e+09,'finished',0,1,NULL,'2e4f232c252c695e5073d8df649ec1b81e1e3cfcef7e1b23de86f3cf90f55607');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'646925c10cd9762552cc259032e4632b',1,1.79529332595199060435e+09,1.79529338595199060442e+09,1.79529332596498584747e+09,'finished',0,1,NULL,'be2cecead4d751948d1767c6fd78160e55f4706112bd3e130120d712193756d5');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'6a1140f857a17a1ed481f1aba20a11d0',1,1.79529332596800327297e+09,1.79529338596800327305e+09,1.79529332597198629378e+09,'finished',0,1,NULL,'f6e0ff5817a88be5bdfa512e77e5a9617932fda812e019115b5a659e95e81605');
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'eee689a81747dd47c0d681eb96283a2a',1,1.79529332603000259401e+09,1.79529338603000259396e+09,1.79529332603398561474e+09,'finished',0,1,NULL,'8d9d5be59c8d0f588f4986b771837012a2286954ffb0bf9b6bca8c3e1528681b');
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'a77855a62108f130da99822e89401979',1,1.79529332603800892832e+09,1.79529338603800892827e+09,1.79529332604400372499e+09,'finished',0,1,NULL,'8fb01f08a2c77f41af3583d4f7daa58d8c3291de741b7c5fcf605566957d9f3a');
INSERT INTO "hpsearch_attempts" VALUES(15,1,2,0,'e5d21e9249cff83ca9cee632b59bc2ba',2,1.79529332605398154261e+09,1.79529338605398154256e+09,1.79529332605800485611e+09,'finished',0,1,NULL,'424e9986d4b66d2f911ebf07907843bbcdb1acad138988ec19d39f0bec296fc3');
INSERT INTO "hpsearch_attempts" VALUES(16,1,2,1,'8a72840fc59ff6c7132795001e7fe69b',2,1.79529332606001639362e+09,1.79529338606001639369e+09,1.79529332606500530242e+09,'finished',0,1,NULL,'223fdf8a61755a96dfb111e723202140bfed1944fcebba4788648ea92844441a');
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
	created_at FLOAT NOT NULL, attempts INTEGER DEFAULT '3' NOT NULL, search_id INTEGER DEFAULT '0' NOT NULL, newest_trial_id INTEGER DEFAULT '0' NOT NULL, reopened INTEGER DEFAULT '0' NOT NULL, control VARCHAR(8) DEFAULT 'run' NOT NULL, stop_number INTEGER, stop_rule VARCHAR(16), stop_text TEXT, changes INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "c400461cc447dc8271964146b9668818a79e7f6abc730aa241da7cb5a91093c8", "study": {"attempts": 3, "confirm": {"ensemble": 2, "epochs": 4, "seeds": 2, "top": 1}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 200, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 64, "dropout_kind": "standard", "epochs": 3, "hidden": [8], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "small", "parallelism": 3, "search": {"rounds": [12], "rungs": [1], "widen": 2}, "seed": 7, "space": [{"high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "stop": {"hours": null, "plateau": null, "target": null}, "trials": 14}}','/data',14,3,14,1.79529332579298925394e+09,3,1,14,0,'run',NULL,NULL,NULL,0);
INSERT INTO "hpsearch_studies" VALUES(2,'{"confirms": "00d3d0e77af728ed7dcfad40acb78122b31a64d08a856b3317b601c6aeeb7e3c", "finalists": [1]}','/data',2,2,2,1.79529332605100417135e+09,3,1,16,0,'run',NULL,NULL,NULL,0);
CREATE TABLE hpsearch_workers (
	worker_id INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	host VARCHAR(256) NOT NULL, 
	process VARCHAR(128) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at FLOAT NOT NULL, 
	beat_at FLOAT NOT NULL, 
	ended_at FLOAT, 
	PRIMARY KEY (worker_id)
);
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','10567@2314416',10567,1.79529332585100531577e+09,1.79529332603800892832e+09,1.79529332604601526263e+09);
INSERT INTO "hpsearch_workers" VALUES(2,2,'vm/0/0','10567@2314416',10567,1795293326.05201,1.79529332606001639362e+09,1.79529332606798267359e+09);
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
INSERT INTO "study_user_attributes" VALUES(1,1,'result','{"ensemble": 2, "ensemble_test_accuracy": 0.3816155988857939, "interval": [0.0, 1.0], "mean": 0.37186629526462395, "number": 1, "params": {"dropout": 0.06951304690923488, "lr": 0.028589315513663338}, "seeds": 2, "test_accuracy": 0.35236768802228413, "value": 0.39275766016713093}');
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
INSERT INTO "trial_intermediate_values" VALUES(33,12,2,1.64345403899721437257e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,12,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,14,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,15,1,2.08913649025069647624e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,15,2,1.86629526462395556318e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,15,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,15,4,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,16,1,1.89415041782729803854e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,16,2,2.22841225626740940812e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,16,3,4.01114206128133699014e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,16,4,5.23676880222841201195e-01,'FINITE');
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
INSERT INTO "trial_params" VALUES(25,13,'lr',8.19863731571900267169e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,13,'dropout',3.89442645206141691005e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(27,14,'lr',2.06276119464253837598e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(28,14,'dropout',2.01153836848983857965e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(29,15,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,15,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(31,16,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(32,16,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
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
INSERT INTO "trial_user_attributes" VALUES(14,13,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(15,13,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(16,14,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(17,14,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(18,15,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(19,16,'stage','"confirm"');
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
INSERT INTO "trial_values" VALUES(12,12,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(13,13,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(14,14,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(15,15,0,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_values" VALUES(16,16,0,5.23676880222841201195e-01,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-21 20:35:25.861989','2026-11-21 20:35:25.874019');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-21 20:35:25.883996','2026-11-21 20:35:25.892003');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-21 20:35:25.894015','2026-11-21 20:35:25.901015');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-21 20:35:25.902987','2026-11-21 20:35:25.911999');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-21 20:35:25.914011','2026-11-21 20:35:25.917994');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-21 20:35:25.920005','2026-11-21 20:35:25.927006');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-21 20:35:25.929017','2026-11-21 20:35:25.933001');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-21 20:35:25.935012','2026-11-21 20:35:25.938995');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-21 20:35:25.941007','2026-11-21 20:35:25.943984');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-21 20:35:25.945996','2026-11-21 20:35:25.950019');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-21 20:35:25.951991','2026-11-21 20:35:25.964986');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-21 20:35:25.968003','2026-11-21 20:35:25.971986');
INSERT INTO "trials" VALUES(13,12,1,'PRUNED','2026-11-21 20:35:26.030003','2026-11-21 20:35:26.033986');
INSERT INTO "trials" VALUES(14,13,1,'PRUNED','2026-11-21 20:35:26.038009','2026-11-21 20:35:26.044004');
INSERT INTO "trials" VALUES(15,0,2,'COMPLETE','2026-11-21 20:35:26.053982','2026-11-21 20:35:26.058005');
INSERT INTO "trials" VALUES(16,1,2,'COMPLETE','2026-11-21 20:35:26.060016','2026-11-21 20:35:26.065005');
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
